package otr_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"culver/internal/transcript"
)

// TestTranscripts replays conversations with libotr that were recorded once
// (make vectors): what libotr said then is said again, and the engine, with
// the same randomness and time, has to answer the same, to the byte.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "transcripts", "*.txt"))
	if err != nil || len(files) < 40 {
		t.Fatalf("%d transcripts, %v", len(files), err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txt"), func(t *testing.T) {
			t.Parallel()
			was, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			was = bytes.ReplaceAll(was, []byte("\r\n"), []byte("\n")) // as Git may have made it
			is, err := transcript.Play(was)
			if err != nil {
				t.Fatal(err)
			}
			if d := transcript.Difference(string(was), is); d != "" {
				t.Errorf("another outcome (if that is meant: make vectors): %s", d)
			}
		})
	}
}
