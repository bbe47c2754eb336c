package main

// madePrivate lets files be made for the user alone. Here the folder decides.
func madePrivate() (back func()) { return func() {} }
