package otrplugin

import "strings"

// otrHome names programs that know OTR.
const otrHome = "https://otr.cypherpunks.ca/"

// queryWords are what people read whose program knows nothing of OTR, by language:
// "%s" is who asks, and the address follows. One line each, for a newline ends
// the message on some networks, and no word that a bot would take for a command.
var queryWords = map[string]string{
	"en": "%s would like to talk with you privately (Off-the-Record, OTR). Your program does not seem to know it; some that do:",
	"de": "%s möchte sich privat mit dir unterhalten (Off-the-Record, OTR). Dein Programm scheint das nicht zu können; einige, die es können:",
	"fr": "%s voudrait parler avec vous en privé (Off-the-Record, OTR). Votre logiciel ne semble pas le permettre ; quelques-uns qui le permettent :",
	"es": "%s quiere hablar contigo en privado (Off-the-Record, OTR). Tu programa no parece saber hacerlo; algunos que sí:",
	"it": "%s vorrebbe parlare con te in privato (Off-the-Record, OTR). Il tuo programma non sembra supportarlo; alcuni che lo fanno:",
	"pt": "%s quer conversar com você em particular (Off-the-Record, OTR). O seu programa não parece ter suporte; alguns que têm:",
	"nl": "%s wil graag vertrouwelijk met je praten (Off-the-Record, OTR). Je programma lijkt dat niet te kunnen; enkele die het wel kunnen:",
	"sv": "%s vill gärna prata privat med dig (Off-the-Record, OTR). Ditt program verkar inte klara det; några som gör det:",
	"pl": "%s chce porozmawiać z tobą prywatnie (Off-the-Record, OTR). Twój program chyba tego nie obsługuje; niektóre, które obsługują:",
	"cs": "%s by si s vámi chtěl(a) psát soukromě (Off-the-Record, OTR). Váš program to zřejmě neumí; některé, které to umějí:",
	"ru": "%s хочет поговорить с вами конфиденциально (Off-the-Record, OTR). Похоже, ваша программа этого не умеет; вот некоторые, которые умеют:",
	"uk": "%s хоче поговорити з вами приватно (Off-the-Record, OTR). Здається, ваша програма цього не вміє; ось деякі, що вміють:",
	"tr": "%s sizinle gizli konuşmak istiyor (Off-the-Record, OTR). Programınız bunu desteklemiyor gibi görünüyor; destekleyen bazıları:",
	"ar": "%s يود التحدث معك على انفراد (Off-the-Record, OTR). يبدو أن برنامجك لا يدعم ذلك؛ بعض البرامج التي تدعمه:",
	"fa": "%s می\u200cخواهد خصوصی با شما گفتگو کند (Off-the-Record, OTR). به نظر می\u200cرسد برنامهٔ شما از آن پشتیبانی نمی\u200cکند؛ برخی که می\u200cکنند:",
	"zh": "%s 想与您进行私密对话（Off-the-Record，OTR）。您的程序似乎不支持；支持它的一些程序：",
	"ja": "%s さんがあなたと非公開で会話したいと考えています（Off-the-Record、OTR）。お使いのプログラムは対応していないようです。対応しているもの：",
}

// queryText is what follows a query, in the language of the user who asks.
func queryText(who, language string) string {
	tongue, _, _ := strings.Cut(strings.ToLower(language), "-")
	text, ok := queryWords[tongue]
	if !ok {
		text = queryWords["en"]
	}
	return strings.Replace(text, "%s", who, 1) + " " + otrHome
}
