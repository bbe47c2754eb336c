package main

import "culver/internal/otrpipe/line"

func escape(s string) string { return line.Escape(s) }

func unescape(s string) string { return line.Unescape(s) }
