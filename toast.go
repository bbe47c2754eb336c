package main

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// toast is a script for PowerShell that shows a notification on Windows. It goes to
// its standard input: the toolkit would write one to a file in the folder for
// temporary files, with the name of whoever wrote in it. It is ASCII, whatever the
// texts are, and none of them can be taken for a command.
func toast(title, text string) string {
	return `$n = [Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
$x = $n::GetTemplateContent([Windows.UI.Notifications.ToastTemplateType]::ToastText02)
$t = $x.GetElementsByTagName('text')
$t[0].AppendChild($x.CreateTextNode(` + charCodes(title) + `)) | Out-Null
$t[1].AppendChild($x.CreateTextNode(` + charCodes(text) + `)) | Out-Null
$n::CreateToastNotifier('` + appID + `').Show([Windows.UI.Notifications.ToastNotification, Windows.UI.Notifications, ContentType = WindowsRuntime]::new($x))
exit
`
}

// charCodes is a text as PowerShell can read it from its numbers.
func charCodes(text string) string {
	codes := []string{"32"} // never empty, which would be no text
	for _, c := range utf16.Encode([]rune(text)) {
		codes = append(codes, fmt.Sprint(c))
	}
	return "(-join [char[]](" + strings.Join(codes, ",") + ")).Trim()"
}
