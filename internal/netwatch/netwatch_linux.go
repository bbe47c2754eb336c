package netwatch

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"syscall"
)

// groups are what the kernel is to tell of: addresses and ways (rtnetlink(7)).
const groups = 1<<(syscall.RTNLGRP_IPV4_IFADDR-1) | 1<<(syscall.RTNLGRP_IPV6_IFADDR-1) |
	1<<(syscall.RTNLGRP_IPV4_ROUTE-1) | 1<<(syscall.RTNLGRP_LINK-1)

// listen leaves a token in told whenever the kernel says that something changed. It
// works without that: what is not told is found by looking.
func listen(ctx context.Context, told chan<- struct{}) (stop func()) {
	fd, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC|syscall.SOCK_NONBLOCK, syscall.NETLINK_ROUTE)
	if err != nil {
		return func() {}
	}
	if err := syscall.Bind(fd, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK, Groups: groups}); err != nil {
		_ = syscall.Close(fd)
		return func() {}
	}
	f := os.NewFile(uintptr(fd), "netlink")
	unwatch := context.AfterFunc(ctx, func() { _ = f.Close() })
	var reader sync.WaitGroup
	reader.Go(func() {
		buf := make([]byte, 64<<10)
		for {
			if _, err := f.Read(buf); err != nil && !errors.Is(err, syscall.ENOBUFS) { // it only told more than we read
				return
			}
			select {
			case told <- struct{}{}:
			default:
			}
		}
	})
	return func() {
		unwatch()
		_ = f.Close()
		reader.Wait()
	}
}

// way is the way out that packets take without any other.
func way() string {
	table, err := os.ReadFile("/proc/net/route")
	if err != nil {
		return ""
	}
	var b strings.Builder
	for line := range strings.Lines(string(table)) {
		if f := strings.Fields(line); len(f) > 2 && f[1] == "00000000" {
			b.WriteString(" via " + f[0] + " " + f[2])
		}
	}
	return b.String()
}
