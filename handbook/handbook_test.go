package handbook

import (
	"testing"

	"culver/lang"
	"culver/otrplugin"
	"culver/plugin/plugintest"
)

func TestEveryPageIsThereAndLeadsSomewhere(t *testing.T) {
	t.Cleanup(func() { lang.Use("en") })
	for _, l := range lang.Languages() {
		t.Run(l.Code, func(t *testing.T) {
			if _, err := lang.Use(l.Code); err != nil {
				t.Fatal(err)
			}
			var others []string
			otr := otrplugin.New(nil)
			for _, p := range otr.Guide() {
				others = append(others, otr.Info().ID+"/"+p.ID)
			}
			plugintest.WantGoodGuide(t, ID, Handbook{}.Guide(), others...)
		})
	}
}
