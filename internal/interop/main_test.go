package interop

import (
	"flag"
	"os"
	"testing"
)

// TestMain lets more tests run at once than there are processors, unless somebody
// said how many: most of the time they wait, for servers, programs and deadlines.
func TestMain(m *testing.M) {
	flag.Parse()
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "test.parallel" })
	if !chosen {
		if err := flag.Set("test.parallel", "5"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
