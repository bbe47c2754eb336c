package testkit

// prosodyDatabase is a module of Prosody that ends it if there is no database to keep
// archives in, and keeps that from waiting for the disk at each line: only a machine that
// loses its power would need that.
const prosodyDatabase = `module:set_global();
local ok, DBI = pcall(require, "DBI");
if not ok or not pcall(require, "dbd.sqlite3") then
	io.stderr:write("LuaDBI for SQLite 3 is not installed: run ` + "`make deps`" + `\n");
	os.exit(1);
end
local connect = DBI.Connect;
function DBI.Connect(...)
	local db = assert(connect(...));
	db:autocommit(true); -- else this is within a transaction, where it has no effect
	assert(assert(db:prepare("PRAGMA synchronous = OFF")):execute());
	local query = assert(db:prepare("PRAGMA synchronous"));
	assert(query:execute());
	assert(query:fetch()[1] == 0, "the database waits for the disk");
	query:close();
	return db;
end
`
