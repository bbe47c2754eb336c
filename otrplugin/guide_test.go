package otrplugin

import (
	"testing"

	"culver/lang"
	"culver/plugin/plugintest"
)

func TestEveryPageOfTheGuideIsThereAndLeadsSomewhere(t *testing.T) {
	t.Cleanup(func() { lang.Use("en") })
	for _, l := range lang.Languages() {
		t.Run(l.Code, func(t *testing.T) {
			if _, err := lang.Use(l.Code); err != nil {
				t.Fatal(err)
			}
			plugintest.WantGoodGuide(t, pluginID, New(nil).Guide())
		})
	}
}
