//go:build !windows

package idletime

func open(env []string) (source, error) {
	x, err := openX(env)
	if err != nil {
		return nil, err
	}
	return x, nil
}
