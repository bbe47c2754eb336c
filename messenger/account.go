package messenger

import (
	"cmp"
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"culver/accounts"
	"culver/buddylist"
	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// account is one account and its connection, if any.
type account struct {
	id       im.AccountID
	network  protocol.Protocol
	link     *accounts.Link
	session  protocol.Session // while it runs
	cancel   context.CancelFunc
	up       bool             // plugins were told that it is online
	upAt     time.Time        // since when
	held     protocol.Session // ended with its connection, and may go on: see hold
	stopHold func()
	stopWait func()
	password *im.Secret        // only for this run: the user does not want it kept
	asking   *dialog           // the question about its certificate
	accepted map[string]string // options that accept one, until Culver is closed
	reports  bool              // those who run its server want to hear of whom the user blocks
	tapped   bool              // its session tells what goes over the wire
	archive  archiving         // what the server kept
	removed  bool              // forget it when its session has ended
	changing *changingPassword // unless nil, its password is being changed on the server
	keeping  protocol.Keeping  // what its server keeps of what is said; empty: it cannot be chosen
	showing  *choosingKeeping  // unless nil, that is being chosen
	profile  *ownProfile       // unless nil, the user says what others can read about them
	portrait *ownPicture       // unless nil, the user chooses a picture of themselves
}

// wireEvent is something that a session's goroutine tells the messenger.
type wireEvent struct {
	account *account
	event   protocol.Event   // nil: started or ended
	session protocol.Session // with started
	ended   bool
	err     error
}

func (m *Messenger) addAccount(a im.Account) *account {
	n := m.network(a.ID.Scheme())
	acc := &account{id: a.ID, network: n, link: accounts.NewLink(a, n.Name(), rand.Float64)}
	m.accounts[a.ID] = acc
	return acc
}

// sortedAccounts are the accounts as the user has put them.
func (m *Messenger) sortedAccounts() []*account {
	list := make([]*account, 0, len(m.accounts))
	for _, a := range m.accounts {
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b *account) int {
		return cmp.Or(cmp.Compare(m.accountPlace(a.id), m.accountPlace(b.id)), cmp.Compare(a.id, b.id))
	})
	return list
}

// online is the session of an account that is connected, or nil.
func (m *Messenger) online(id im.AccountID) protocol.Session {
	if a, ok := m.accounts[id]; ok && a.link.State().Status == accounts.Online {
		return a.session
	}
	return nil
}

// session is like online, but also answers while the account signs off, and while what
// is sent waits for the next connection.
func (m *Messenger) session(id im.AccountID) protocol.Session {
	a, ok := m.accounts[id]
	switch {
	case !ok:
		return nil
	case a.session == nil:
		return a.held
	}
	return a.session
}

// SetAccountEnabled connects or disconnects one account, lastingly.
func (m *Messenger) SetAccountEnabled(id im.AccountID, on bool) {
	m.inbox.Put(func() {
		a, ok := m.accounts[id]
		if !ok {
			return
		}
		set := a.link.State().Account.Clone()
		set.Enabled = on
		m.setAccount(a, set)
		m.wish(a)
	})
}

// setAccount changes what the user set up for an account.
func (m *Messenger) setAccount(a *account, set im.Account) {
	a.link.SetAccount(set)
	if err := m.cfg.Store.SaveAccount(set); err != nil {
		m.trouble(lang.T("The account could not be saved."), err)
	}
}

// Reconnect tries again at once what is Waiting or Stopped.
func (m *Messenger) Reconnect(id im.AccountID) {
	m.inbox.Put(func() {
		if a, ok := m.accounts[id]; ok && a.link.State().Status != accounts.Connecting {
			m.follow(a, a.link.Restart())
		}
	})
}

// wish brings an account's link in line with what the user wants. To sign off
// means to leave for good: plugins are told even if the connection is broken just
// now, for there is none that would end later.
func (m *Messenger) wish(a *account) {
	on := a.link.State().Account.Enabled && m.wished(a.id).Show != im.Offline && !m.quitting && !a.removed
	before := a.link.State().Status
	do := a.link.Want(on)
	if !on && do == accounts.Nothing && before != accounts.Offline {
		m.sayGoodbye(a)
	}
	if !on && a.cancel == nil {
		m.part(a)
	}
	m.follow(a, do)
}

// sayGoodbye lets plugins end what they have with peers. Texts that waited for others
// do not any more then.
func (m *Messenger) sayGoodbye(a *account) {
	each(m, func(p plugin.SigningOff) { p.SigningOff(a.id) })
	for _, c := range m.sortedChats(a.id) {
		m.readReady(c)
	}
}

// follow does what a link wants done.
func (m *Messenger) follow(a *account, do accounts.Do) {
	if waits := do == accounts.Nothing && a.link.State().Status == accounts.Waiting; a.stopWait != nil && !waits {
		a.stopWait()
		a.stopWait = nil
	}
	switch do {
	case accounts.Connect:
		m.connect(a)
	case accounts.Disconnect:
		m.signOff(a)
	case accounts.Wait:
		a.stopWait = m.after(time.Until(a.link.State().Next), func() { m.follow(a, a.link.Due()) })
	}
	m.publish(AccountChanged{a.link.State()})
}

func (m *Messenger) connect(a *account) {
	if a.asking != nil {
		a.asking.Close()
		a.asking = nil
	}
	ctx, cancel := context.WithCancel(m.ctx)
	a.cancel = cancel
	set := a.link.State().Account.Clone()
	maps.Copy(set.Options, a.accepted)
	set, proxy := m.throughProxy(set)
	var password *im.Secret
	if a.password != nil {
		p := im.NewSecret(slices.Clone(a.password.Bytes()))
		password = &p
	}
	before := a.held
	var tellList func(protocol.ListKeeper)
	if version, buddies := m.knownList(a); version != "" {
		tellList = func(k protocol.ListKeeper) { k.KnownList(version, buddies) }
	}
	m.work.Go(func() {
		defer cancel()
		tell := func(e wireEvent) {
			e.account = a
			select {
			case m.wire <- e:
			case <-m.done:
			}
		}
		err := m.runSession(ctx, a.network, set, password, proxy, before, tellList, tell)
		tell(wireEvent{ended: true, err: err})
	})
}

// runSession runs on the session's own goroutine. The vault has the password for its proxy
// under proxyName.
func (m *Messenger) runSession(ctx context.Context, n protocol.Protocol, set im.Account, password *im.Secret, proxyName string, before protocol.Session, tellList func(protocol.ListKeeper), tell func(wireEvent)) error {
	if password == nil && wantsPassword(n) {
		kept, err := m.keptPassword(ctx, set.ID)
		if err != nil {
			return err
		}
		password = &kept
	}
	if password == nil {
		password = &im.Secret{}
	}
	defer password.Wipe()
	proxy, err := m.proxyPassword(ctx, set, proxyName)
	if err != nil {
		return err
	}
	defer proxy.Wipe()
	s := n.New(set, *password)
	if c, ok := s.(protocol.Continuer); ok && before != nil {
		c.Continue(before)
	}
	if k, ok := s.(protocol.ListKeeper); ok && tellList != nil {
		tellList(k)
	}
	if p, ok := s.(protocol.ProxyUser); ok && !proxy.IsEmpty() {
		p.SetProxyPassword(proxy)
	}
	tell(wireEvent{session: s})
	return s.Run(ctx, func(e protocol.Event) { tell(wireEvent{event: e}) })
}

// keptPassword is the password that the vault has for an account. There has to be one.
func (m *Messenger) keptPassword(ctx context.Context, id im.AccountID) (im.Secret, error) {
	b, err := m.cfg.Vault.Get(ctx, passwordName(id))
	if err != nil {
		return im.Secret{}, &protocol.Failure{Cause: protocol.WrongPassword, Err: err,
			Text: sentence(lang.T("The password could not be read from the keyring. Unlock the keyring and reconnect."), err)}
	}
	if b == nil {
		return im.Secret{}, &protocol.Failure{Cause: protocol.WrongPassword,
			Text: lang.F("There is no password for %s. Choose Modify to enter it.", id.Bare())}
	}
	return im.NewSecret(b), nil
}

// signOff lets plugins say goodbye, then ends the session.
func (m *Messenger) signOff(a *account) {
	m.sayGoodbye(a)
	if a.cancel != nil {
		a.cancel()
	}
}

func (m *Messenger) anyRunning() bool {
	for _, a := range m.accounts {
		if a.cancel != nil {
			return true
		}
	}
	return false
}

// sessionEvent handles what a session's goroutine reported.
func (m *Messenger) sessionEvent(w wireEvent) {
	a := w.account
	switch {
	case w.ended:
		m.sessionEnded(a, w.err)
	case w.session != nil:
		a.session, a.tapped = w.session, false
		if s, ok := w.session.(protocol.PresenceSetter); ok {
			s.SetPresence(m.wished(a.id))
		}
		m.tellActive(a)
	default:
		m.networkEvent(a, w.event)
	}
}

func (m *Messenger) sessionEnded(a *account, err error) {
	ended := a.session
	a.session, a.cancel = nil, nil
	if a.removed {
		m.part(a)
		m.forget(a)
		return
	}
	failure := protocol.AsFailure(err)
	do := a.link.Ended(failure, time.Now())
	if a.link.State().Status != accounts.Waiting || !m.hold(a, ended) {
		m.part(a)
	}
	m.follow(a, do)
	if failure != nil && failure.Cause == protocol.AccountGone {
		m.removeAccount(a)
		m.say(lang.T("Account deleted"), failure.Text)
		return
	}
	if failure != nil && failure.Cause == protocol.Untrusted && failure.Certificate != nil && a.link.State().Status == accounts.Stopped {
		m.showCertificate(a, failure)
	}
}

func (m *Messenger) networkEvent(a *account, e protocol.Event) {
	switch e := e.(type) {
	case protocol.Checkpoint:
		e.Passed()
	case protocol.Resumed:
		m.resumed(a, e)
		m.transfersOnline(a.id)
	case protocol.Doubtful:
		m.forgotten(a.id, e.ID)
	case protocol.Online:
		m.part(a) // what was held is over
		a.link.Up(e.Self, time.Now())
		m.publish(AccountChanged{a.link.State()})
		a.up, a.upAt = true, time.Now()
		each(m, func(o plugin.Observer) { o.AccountOnline(a.id, true) })
		m.sendWaiting(a.id)
		m.enterRooms(a.id)
		m.transfersOnline(a.id)
	case protocol.DepotFound:
		m.refreshSending()
	case protocol.Traffic:
		m.passed(a, e)
	case protocol.PasswordChanged:
		m.passwordChanged(a, e)
	case protocol.AccountKept:
		m.trouble(e.Problem, nil)
	case protocol.Learned:
		m.learned(a, e)
	case protocol.Roster:
		for i := range e.Buddies {
			e.Buddies[i] = cleanBuddy(a.id, e.Buddies[i])
		}
		m.unlisted(m.missing(a.id, e.Buddies))
		m.applyList(buddylist.Roster{Account: a.id, Buddies: e.Buddies})
		m.noRoomsOfPeople(a.id)
		m.saveRoster(a.id)
		m.settleKnocks()
	case protocol.ListVersion:
		m.listNamed(a, e)
	case protocol.BuddyChanged:
		m.applyList(buddylist.Buddy{Buddy: cleanBuddy(a.id, e.Buddy)})
		m.noRoomsOfPeople(a.id)
		m.saveRoster(a.id)
		m.settleKnocks()
	case protocol.BuddyRemoved:
		if _, listed := m.list.Buddy(im.ConvID{Account: a.id, Peer: e.Bare}); listed {
			m.unlisted([]im.ConvID{{Account: a.id, Peer: e.Bare}})
		}
		m.buddyPictureGone(im.ConvID{Account: a.id, Peer: e.Bare})
		m.applyList(buddylist.Removed{Conv: im.ConvID{Account: a.id, Peer: e.Bare}})
		m.forgetArranged(func(c im.ConvID) bool { return c == im.ConvID{Account: a.id, Peer: e.Bare} })
		m.saveRoster(a.id)
	case protocol.PresenceChanged:
		m.presenceChanged(a, e)
	case protocol.SubscriptionAsked:
		m.requested(im.ConvID{Account: a.id, Peer: e.Bare}, e.Reason)
	case protocol.Blocked:
		m.blockedChanged(a, e)
	case protocol.PictureChanged:
		m.pictureChanged(a, e)
	case protocol.PictureFetched:
		m.pictureFetched(a, e)
	case protocol.PictureSet:
		m.pictureSet(a, e)
	case protocol.OwnPicture:
		m.ownPictureTold(a, e)
	case protocol.OwnProfile:
		m.ownProfileTold(a, e)
	case protocol.OwnProfileSet:
		m.ownProfileSet(a, e)
	case protocol.ProfileFetched:
		m.profileFetched(a, e)
	case protocol.BlockFailed:
		m.trouble(lang.F("The server did not change whether %s can reach you. Try again later.", listed(e.Addresses)), nil)
	case protocol.SubscriptionAnswered:
		m.subscriptionAnswered(a, e)
	case protocol.Received:
		if e.Copy {
			m.copied(a, e)
		} else {
			m.received(a, e)
		}
		m.passMark(a, e)
	case protocol.ArchiveFound:
		m.archiveFound(a)
	case protocol.KeepingTold:
		m.keepingTold(a, e)
	case protocol.KeepingFailed:
		m.keepingFailed(a, e)
	case protocol.ArchivePage:
		m.archivePage(a, e)
	case protocol.TypingChanged:
		c := im.ConvID{Account: a.id, Peer: e.From.Bare}
		if m.known(c) {
			m.applyList(buddylist.Typing{Conv: c, State: e.State})
			m.pounceOnTyping(c, e.State)
		}
	case protocol.AttentionAsked:
		m.attentionAsked(a, e)
	case protocol.AttentionAnswered:
		m.attentionAnswered(a, e)
	case protocol.Sent:
		m.sent(a.id, e.ID)
	case protocol.Delivered:
		m.delivered(a, e)
	case protocol.Rejected:
		m.rejected(a.id, e)
	default:
		m.roomEvent(a, e)
	}
}

// removeAccount deletes an account with all that is kept of it, once its
// connection has signed off.
func (m *Messenger) removeAccount(a *account) {
	a.removed = true
	m.wish(a)
	if a.cancel == nil {
		m.forget(a)
	}
}

func (m *Messenger) forget(a *account) {
	if a.changing != nil {
		a.changing.end()
	}
	if a.showing != nil {
		a.showing.end()
	}
	if a.profile != nil {
		a.profile.end()
	}
	delete(m.accounts, a.id)
	if err := m.cfg.Store.DeleteAccount(a.id); err != nil {
		m.trouble(lang.T("The account could not be deleted from the disk."), err)
	}
	m.sweep()
	for c := range m.told {
		if c.Account == a.id {
			delete(m.told, c)
		}
	}
	for c := range m.choices {
		if c.Account == a.id {
			delete(m.choices, c)
		}
	}
	m.forgetRooms(a.id)
	m.dropPictures(a.id, true)
	m.forgetKnocks(a.id)
	m.forgetDeclined(a.id)
	m.forgetOnceListed(a.id)
	for _, c := range m.sortedChats(a.id) {
		if c.open {
			m.publish(ConversationClosed{c.id})
		}
		delete(m.chats, c.id)
	}
	for _, s := range m.sortedShipments() {
		if s.Conv.Account == a.id {
			s.set(TransferCancelled, "")
			m.removeShipment(s)
		}
	}
	m.applyList(buddylist.Forgotten{Account: a.id})
	m.forgetArranged(func(c im.ConvID) bool { return c.Account == a.id })
	m.forgetStatuses(a.id)
	m.forgetPounces(a.id)
	m.keepOwnPicture(a.id, nil)
	each(m, func(o plugin.Observer) { o.AccountRemoved(a.id) })
	m.closeForms(a.id)
	m.noteRemoved(a.id)
	m.publish(AccountRemoved{a.id})
	deleted := func(err error) {
		if err != nil {
			m.trouble(lang.F("The password of %s could not be deleted from the keyring.", a.id.Bare()), err)
		}
	}
	m.background(func(ctx context.Context) error { return m.cfg.Vault.Delete(ctx, passwordName(a.id)) }, deleted)
	m.dropProxyPassword(proxyPasswordName(a.id), deleted)
}

func (m *Messenger) saveRoster(id im.AccountID) {
	if err := m.cfg.Store.SaveRoster(id, m.keptList(id)); err != nil {
		m.trouble(lang.T("The buddy list could not be saved."), err)
	}
}

func passwordName(id im.AccountID) string { return "password/" + string(id) }

func wantsPassword(n protocol.Protocol) bool {
	return slices.ContainsFunc(n.Settings(), func(f im.Field) bool { return f.ID == protocol.FieldPassword })
}
