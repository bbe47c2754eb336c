package storage

import "culver/im"

// maxNamesakes is how many lines at most are told of those with the same origin: it is
// chosen by the sender, and nobody keeps them from choosing one twice.
const maxNamesakes = 10

// maxSought is how many lines are looked at for one of ours: a moment's work.
const maxSought = 5000

// Wrote reports whether one of the newest few thousand lines of a conversation is ours.
func (db *DB) Wrote(c im.ConvID) (wrote bool, err error) {
	err = db.query(`SELECT 1 FROM (SELECT out FROM message
			WHERE conversation = (SELECT seq FROM conversation WHERE account = ? AND peer = ?)
			ORDER BY seq DESC LIMIT ?) WHERE out = 1 LIMIT 1`,
		func(*row) error { wrote = true; return nil },
		string(c.Account), c.Peer, maxSought)
	return wrote, err
}

// ByOrigin are the lines of a conversation that the one with the bare address sent
// under an ID, see [im.Message.Origin], or those of ours if from is empty; the newest
// first: rarely more than one, and of a sender who makes many the newest. There are none
// without an ID.
func (db *DB) ByOrigin(c im.ConvID, from, origin string) ([]im.Message, error) {
	const where = `WHERE conversation = (SELECT seq FROM conversation WHERE account = ?1 AND peer = ?2) `
	if from != "" {
		return db.messages(`SELECT `+columns+`FROM conversation JOIN message ON message.conversation = conversation.seq
			WHERE message.seq IN (SELECT seq FROM message `+where+`AND origin = ?4 AND origin <> '' AND out = 0 AND bare = ?3)
			ORDER BY message.seq DESC LIMIT ?5`,
			string(c.Account), c.Peer, from, origin, maxNamesakes)
	}
	// Ours from before origins were kept were sent under their own ID.
	return db.messages(`SELECT `+columns+`FROM conversation JOIN message ON message.conversation = conversation.seq
		WHERE message.seq IN (
			SELECT seq FROM message `+where+`AND origin = ?3 AND origin <> '' AND out = 1
			UNION ALL
			SELECT seq FROM message `+where+`AND id = ?3 AND id <> '' AND origin = '' AND out = 1
		) ORDER BY message.seq DESC LIMIT ?4`,
		string(c.Account), c.Peer, origin, maxNamesakes)
}

// ByArchive are the lines of a conversation that the server's archive has under an ID,
// the newest first. There are none without an ID.
func (db *DB) ByArchive(c im.ConvID, archive string) ([]im.Message, error) {
	return db.messages(selectLines+`AND archive = ?3 AND archive <> '' ORDER BY message.seq DESC LIMIT ?4`,
		string(c.Account), c.Peer, archive, maxNamesakes)
}
