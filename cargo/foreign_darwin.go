package cargo

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// markForeign tells the system that the file comes from elsewhere: it asks before it
// runs one. A disk that cannot keep that is no reason to lose the file.
func markForeign(file string) {
	_ = unix.Setxattr(file, "com.apple.quarantine", fmt.Appendf(nil, "0083;%08x;Culver;", time.Now().Unix()), 0)
}
