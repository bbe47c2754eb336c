package main

// scenes are all that is shown, in the order in which a person comes to it.
var scenes = []scene{
	{"start", true, beginning},
	{"account", true, account},
	{"create", false, creating},
	{"list", false, list},
	{"rooms", false, rooms},
	{"talk", false, talk},
	{"otr", false, private},
	{"files", false, files},
	{"key", false, newKey},
	{"tools", false, tools},
	{"history", false, history},
	{"preferences", false, preferences},
	{"lock", false, lock},
	{"damage", false, damage},
}

var (
	buddyList = named("Buddy List")
	welcome   = named("Welcome to Culver")
	accounts  = named("Accounts")
	addOne    = named("Add Account")
	modify    = named("Modify Account")
	create    = named("Create an Account")
	bob       = named("Bob")
	carol     = named("carol@localhost")
	kitchen   = named("kitchen@conference.localhost")
)
