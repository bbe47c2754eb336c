//go:build !windows

package sound

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
)

// program is a program of the system that plays samples from its standard input, or else
// a file.
type program struct {
	name string
	args []string
	file bool
}

// programs are those there may be, the best first.
func programs(system string) []program {
	if system == "darwin" {
		return []program{{name: "/usr/bin/afplay", file: true}}
	}
	r := strconv.Itoa(rate)
	return []program{
		{name: "pacat", args: []string{"--playback", "--raw", "--format=s16le", "--rate=" + r, "--channels=1", "--client-name=Culver", "--property=media.role=event"}},
		{name: "pw-cat", args: []string{"--playback", "--raw", "--format=s16", "--rate=" + r, "--channels=1", "--media-role=Notification", "-"}},
		{name: "aplay", args: []string{"-q", "-t", "raw", "-f", "S16_LE", "-r", r, "-c", "1"}},
	}
}

// byProgram has a program play.
type byProgram struct {
	env      []string
	dir      string
	programs []program
	found    bool // programs are only those that are installed
}

func newOutput(env []string, dir string) output {
	return &byProgram{env: env, dir: dir, programs: programs(runtime.GOOS)}
}

// play has the first program play that can. It is the first one from then on.
func (b *byProgram) play(ctx context.Context, samples []int16) {
	if !b.found {
		b.found = true
		b.programs = slices.DeleteFunc(b.programs, func(p program) bool {
			_, err := exec.LookPath(p.name)
			return err != nil
		})
	}
	for i, p := range b.programs {
		if ctx.Err() != nil {
			return
		}
		if b.start(ctx, p, samples) == nil {
			b.programs = slices.Insert(slices.Delete(b.programs, i, i+1), 0, p)
			return
		}
	}
}

func (b *byProgram) start(ctx context.Context, p program, samples []int16) error {
	cmd := exec.CommandContext(ctx, p.name, p.args...)
	cmd.Env = b.env
	if !p.file {
		cmd.Stdin = bytes.NewReader(raw(samples))
		return cmd.Run()
	}
	f, err := os.CreateTemp(b.dir, "sound*.wav")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(wave(samples))
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	cmd.Args = append(cmd.Args, f.Name())
	return cmd.Run()
}
