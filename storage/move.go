package storage

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"culver/lang"
)

// The secrets move from the keyring to a file with a passphrase, or back, in
// these steps:
//
//	1  move.culver is written: "moving", and the ID that the keyring files them under
//	2  the secrets are written to the new place, read back and compared
//	3  keyring.culver is removed, or written
//	4  the old place is emptied; move.culver is removed at the end
//
// Step 3 is one change of the disk. Before it the old place is where the secrets
// are, after it the new one; whatever there is in the other is left over. While
// move.culver says "moving", a vault file beside keyring.culver is no
// contradiction. After step 3 of a move to a passphrase it says "leaving": only
// the keyring still has to be emptied.
const (
	moveHeader = "culver move 1\n"
	moveMoving = "moving"
	moveLeft   = "leaving"
)

// move is what move.culver says; the zero value: nothing.
type move struct{ state, id string }

// readMove reads move.culver. One that is damaged says nothing.
func (p *Profile) readMove() move {
	text, err := readFile(p.path(moveFile), 1000)
	if err != nil {
		return move{}
	}
	line, ok := strings.CutPrefix(string(text), moveHeader)
	line, end := strings.CutSuffix(line, "\n")
	state, id, two := strings.Cut(line, " ")
	if !ok || !end || !two || state != moveMoving && state != moveLeft || !keyringID.MatchString(id) {
		return move{}
	}
	return move{state, id}
}

func (p *Profile) writeMove(m move) error {
	if err := p.files.write(p.path(moveFile), []byte(moveHeader+m.state+" "+m.id+"\n")); err != nil {
		return doing("write "+moveFile, err)
	}
	return nil
}

// moved reports that there are a vault file and keyring.culver because a move was
// cut. The secrets are in the keyring then.
func (p *Profile) moved() bool {
	id, err := p.readKeyringFile()
	return err == nil && p.readMove() == move{moveMoving, id}
}

// endMoveToKeyring takes away what is left over of a move, once the keyring has
// shown that it has the secrets. What fails is tried again at the next start.
func (p *Profile) endMoveToKeyring() {
	if p.moved() {
		_ = p.dropVaultFiles()
	}
}

// dropVaultFiles takes away the vault file with everything like it, and
// move.culver.
func (p *Profile) dropVaultFiles() error {
	if err := p.shredOld(vaultFile, vaultFile+newSuffix); err != nil {
		return err
	}
	return p.files.drop(p.path(moveFile))
}

// shredOld takes away the copies of the vault file, and these files. What takeBack
// would make a vault file again goes first.
func (p *Profile) shredOld(also ...string) error {
	names, err := p.damagedVaults()
	if err != nil {
		return err
	}
	for _, name := range slices.Concat([]string{vaultFile + oldSuffix, vaultCopy + oldSuffix}, also, []string{vaultCopy, vaultCopy + newSuffix}, names) {
		if err := p.files.shred(p.path(name)); err != nil {
			return doing("remove "+name, err)
		}
	}
	return nil
}

// UsesPassphrase reports that a passphrase unlocks the vault.
func (v *Vault) UsesPassphrase() bool {
	_, ok := v.backend().(*fileVault)
	return ok
}

// MayUseKeyring reports that the secrets may be kept in the system's keyring.
func (v *Vault) MayUseKeyring() bool { return !v.profile.portable }

// begin makes sure that one thing is done at a time.
func (v *Vault) begin() (end func(), err error) {
	if !v.moving.TryLock() {
		return nil, errors.New(lang.T("Culver is changing how your passwords and keys are kept already. Wait until it is done."))
	}
	return v.moving.Unlock, nil
}

// ChangePassphrase puts fresh in the place of the passphrase old. It takes some
// seconds. Both stay the caller's, who wipes them. When it returns nil the old one
// opens nothing in the profile any more, and the blocks of what it opened are
// overwritten. It opens copies of the vault that others have, backups for instance;
// the key of the database, which they have, stays the same.
func (v *Vault) ChangePassphrase(ctx context.Context, old, fresh []byte) error {
	end, err := v.begin()
	if err != nil {
		return err
	}
	defer end()
	f, ok := v.backend().(*fileVault)
	if !ok {
		return errNoPassphrase()
	}
	if err := checkPassphrase(fresh); err != nil {
		return err
	}
	if err := f.provedBy(old); err != nil {
		return err
	}
	params := newLockParams(v.profile.cost())
	keys := params.derive(fresh)
	if err := v.gate.alone(ctx); err != nil {
		keys.wipe()
		return err
	}
	defer v.gate.leave()
	return f.relock(params, keys, v.profile.shredOld)
}

func errNoPassphrase() error {
	return sentence(fs.ErrNotExist, nil, "This profile is not protected by a passphrase.")
}

func checkPassphrase(p []byte) error {
	if len(p) == 0 {
		return sentence(ErrWrongPassphrase, nil, "An empty passphrase protects nothing. Choose one, best of several words.")
	}
	return nil
}

// UsePassphrase moves the secrets from the keyring to a file that the passphrase
// unlocks. It takes some seconds, and may block like Get. The passphrase stays the
// caller's, who wipes it. If it returns an error, UsesPassphrase says whether the
// secrets have moved all the same, and the error what was left over.
func (v *Vault) UsePassphrase(ctx context.Context, fresh []byte) error {
	end, err := v.begin()
	if err != nil {
		return err
	}
	defer end()
	k, ok := v.backend().(*keyringVault)
	if !ok {
		return sentence(ErrNotFresh, nil, "This profile is protected by a passphrase already.")
	}
	if err := checkPassphrase(fresh); err != nil {
		return err
	}
	p := v.profile
	params := newLockParams(p.cost())
	f := p.newFileVault(params, params.derive(fresh))
	if err := v.gate.alone(ctx); err != nil {
		f.close()
		return err
	}
	defer v.gate.leave()
	if err := p.fileFromRing(ctx, k, f); err != nil {
		f.close()
		return err
	}
	v.swap(f)
	if err := p.leaveKeyring(ctx, f); err != nil {
		return sentence(err, err,
			"Your passwords and keys are locked by the passphrase now. The system's keyring could not be emptied of them; Culver tries again when it is next started.")
	}
	return nil
}

// fileFromRing does steps 1 to 3 of the move from k to f. After an error
// everything is as it was.
func (p *Profile) fileFromRing(ctx context.Context, k *keyringVault, f *fileVault) error {
	secrets, err := k.all(ctx)
	if err != nil {
		return err
	}
	defer wipeAll(secrets)
	if secrets[databaseKey] == nil {
		return sentence(ErrKeyMissing, nil,
			"The system's keyring no longer has the key to your accounts and history, so nothing was moved. Unlock or restore the keyring, then try again.")
	}
	id := strings.TrimPrefix(k.service, keyringService+"/")
	if err := p.writeMove(move{moveMoving, id}); err != nil {
		return err
	}
	err = f.fill(secrets)
	if err == nil {
		err = p.files.drop(p.path(keyringFile))
	}
	if err == nil {
		return nil
	}
	if there, e := p.has(keyringFile); e == nil && !there {
		return nil // it is gone, whatever went wrong after that
	}
	_ = p.dropVaultFiles()
	return doing("move the secrets", err)
}

// leaveKeyring does step 4 of a move to the passphrase.
func (p *Profile) leaveKeyring(ctx context.Context, f *fileVault) error {
	m := p.readMove()
	if m.state == "" {
		return nil
	}
	if m.state == moveMoving {
		if err := p.writeMove(move{moveLeft, m.id}); err != nil {
			return err
		}
	}
	names, err := f.names(ctx)
	if err != nil {
		return err
	}
	if err := p.askForRing(); err != nil {
		return err
	}
	return p.emptyRing(ctx, newKeyringVault(p.ring, m.id), names)
}

// emptyRing deletes all entries of a keyring: those with these names, which are all
// that moved, and those on the list. Then it removes the list and move.culver.
func (p *Profile) emptyRing(ctx context.Context, k *keyringVault, names []string) error {
	entries := map[string]bool{probeEntry: true, entryName(databaseKey): true}
	for _, name := range names {
		entries[entryName(name)] = true
	}
	if key, err := k.read(ctx, namesEntry); err != nil {
		return err
	} else if key != nil {
		clear(key)
		list, err := p.readNames(ctx, k)
		if err != nil {
			return err
		}
		if list != nil {
			for _, name := range list.all() {
				entries[entryName(name)] = true
			}
		}
	}
	for _, entry := range slices.Sorted(maps.Keys(entries)) {
		if err := k.forget(ctx, entry); err != nil {
			return err
		}
	}
	if err := k.forget(ctx, namesEntry); err != nil {
		return err
	}
	for _, name := range []string{namesFile, namesFile + newSuffix} {
		if err := p.files.shred(p.path(name)); err != nil {
			return err
		}
	}
	return p.files.drop(p.path(moveFile))
}

// tidy empties the keyring beside, if a move to the passphrase was cut: it may ask
// the user for a password. What fails is tried again at the next start.
func (v *Vault) tidy(f *fileVault) {
	if v.profile.readMove().state == "" || v.profile.portable {
		return
	}
	v.tidying.Go(func() {
		end, err := v.begin()
		if err != nil {
			return
		}
		defer end()
		_ = v.profile.leaveKeyring(v.life, f)
	})
}

// UseKeyring moves the secrets from the file, which the passphrase old unlocks, to
// the system's keyring. It takes some seconds, and may block like Get. The
// passphrase stays the caller's, who wipes it. If it returns an error,
// UsesPassphrase says whether the secrets have moved all the same, and the error
// what was left over.
func (v *Vault) UseKeyring(ctx context.Context, old []byte) error {
	end, err := v.begin()
	if err != nil {
		return err
	}
	defer end()
	f, ok := v.backend().(*fileVault)
	if !ok {
		return errNoPassphrase()
	}
	p := v.profile
	if err := p.askForRing(); err != nil {
		return err
	}
	if err := f.provedBy(old); err != nil {
		return err
	}
	if err := v.gate.alone(ctx); err != nil {
		return err
	}
	defer v.gate.leave()
	k, err := p.ringFromFile(ctx, f)
	if err != nil {
		return err
	}
	v.swap(k)
	if err := p.dropVaultFiles(); err != nil {
		return sentence(err, err,
			"Your passwords and keys are in the system's keyring now. The file that the passphrase opens could not be removed; Culver tries again when it is next started.")
	}
	return nil
}

// undoPatience is how long a keyring may take to forget what it was just given.
const undoPatience = 20 * time.Second

// ringFromFile does steps 1 to 3 of the move from f to the keyring. After an error
// the secrets are where they were; what the keyring has of them is deleted at the
// next start at the latest.
func (p *Profile) ringFromFile(ctx context.Context, f *fileVault) (*keyringVault, error) {
	secrets, err := f.all(ctx)
	if err != nil {
		return nil, err
	}
	defer wipeAll(secrets)
	// What an earlier move left behind comes first: move.culver knows one keyring.
	if err := p.leaveKeyring(ctx, f); err != nil {
		return nil, err
	}
	id := newKeyringID()
	if err := p.writeMove(move{moveMoving, id}); err != nil {
		return nil, err
	}
	k := newKeyringVault(p.ring, id)
	err = p.fillRing(ctx, k, secrets)
	if err == nil {
		err = p.writeKeyringFile(id)
	}
	if err == nil {
		return k, nil
	}
	if now, e := p.readKeyringFile(); e == nil && now == id {
		return k, nil // it is there, whatever went wrong after that
	}
	undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoPatience)
	defer cancel()
	if p.writeMove(move{moveLeft, id}) == nil {
		_ = p.emptyRing(undo, k, slices.Sorted(maps.Keys(secrets)))
	}
	return nil, doing("move the secrets", err)
}

// fillRing puts the secrets into an empty keyring, and compares them.
func (p *Profile) fillRing(ctx context.Context, k *keyringVault, secrets map[string][]byte) (err error) {
	if err := k.probe(ctx); err != nil {
		return err
	}
	if k.names, err = p.newNames(ctx, k); err != nil {
		return err
	}
	names := slices.Sorted(maps.Keys(secrets))
	if err := k.names.add(names...); err != nil {
		return err
	}
	for _, name := range names {
		if err := k.put(ctx, name, secrets[name]); err != nil {
			return err
		}
	}
	for _, name := range names {
		back, err := k.read(ctx, entryName(name))
		same := subtle.ConstantTimeCompare(back, secrets[name]) == 1
		clear(back)
		if err != nil {
			return err
		}
		if !same {
			return noKeyring(fmt.Errorf("a secret reads differently from what was written"))
		}
	}
	return nil
}
