package messenger

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"hash/maphash"
	"image"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"culver/backup"
	"culver/buddylist"
	"culver/foreign"
	"culver/im"
	"culver/internal/queue"
	"culver/plugin"
	"culver/protocol"
)

// Config is what a messenger is built from.
type Config struct {
	Store    Store
	Vault    plugin.Vault
	Safe     Safe                             // changes how the vault is locked; nil: nobody can
	Spaces   func(plugin string) plugin.Store // a plugin's own data
	Foreign  foreign.Places                   // where other programs keep what may be imported; zero: nowhere
	Networks []protocol.Protocol              // in the order in which people are offered them
	Plugins  []plugin.Plugin                  // in the order in which they see outgoing text
	Guide    plugin.Guide                     // of the program itself; nil: there is none
	Version  string
	Language string // the user's, as a BCP 47 tag; empty: English
	Tongue   Tongue // where the user's choice of it is kept; nil: there is none
	// Damaged reports that an error of the Store is that it is damaged: a rescue is
	// offered then. Nil: never.
	Damaged func(error) bool
	// Login is what the user wishes for this start alone.
	Login Login
	// NoFirstRun: do not open the first-run form when there is no account.
	NoFirstRun bool
	// Carried is what the messenger before carried, if that was locked: it is taken
	// up, and wiped, by Load.
	Carried []byte
}

// quitGrace is how long networks may take to sign off at the end.
const quitGrace = 5 * time.Second

// Messenger is the core. Make one with [New] and run it once.
type Messenger struct {
	cfg   Config
	inbox *queue.Queue[func()]
	wire  chan wireEvent // what sessions report; bounded: readers may wait for us
	done  chan struct{}  // closed when Run is over

	asked atomic.Int64 // the last AskID

	mu      sync.Mutex
	waiting []*queue.Queue[Event] // subscriptions that did not get their Snapshot yet
	over    bool                  // Run has ended
	handed  []handedLink          // links that nobody looked at yet

	// All below belongs to the goroutine of Run.
	loaded bool
	ctx    context.Context
	work   sync.WaitGroup
	locked bool // that is why it ended
	rescue bool // and this is why that
	model
}

// model is all that a messenger knows: what is to be forgotten when it was locked.
type model struct {
	fronts          []*queue.Queue[Event]
	early           []string // what went wrong before there was a front end
	presence        im.Presence
	statuses        statuses
	ownPictures     map[im.AccountID]image.Image // that buddies see, as far as it is known
	statusWindow    *dialog                      // of the saved ones, if it is open
	pounces         pounces
	idle            time.Time // since when the user does nothing; zero: they do something
	settings        map[string]string
	unlisting       map[im.ConvID]bool // whom the user takes off the list, until the network says so
	accounts        map[im.AccountID]*account
	list            *buddylist.List
	chats           map[im.ConvID]*chat
	seed            maphash.Seed // of what is remembered of messages
	titles          titles
	rooms           map[im.ConvID]*room // that the user is in, keeps, or was in not long ago
	lastInvitation  InvitationID
	invitations     []*invitation      // into rooms, that wait for an answer
	roomAsks        map[string]roomAsk // what was asked of rooms, by ID
	dialogs         map[DialogID]*dialog
	lastID          DialogID
	safeWork        safeWork
	partial         []string                        // files of exports that are not complete
	offers          []*offer                        // all plugins of the configuration, in order
	plugins         []*hosted                       // those that are on, in the same order
	pluginList      *dialog                         // the Plugins window, if it is open
	erasings        []*erasing                      // parts of the history that are to be deleted
	choices         map[im.ConvID]bool              // whether lines that are not private are kept, where the user chose
	told            map[im.ConvID]map[string]string // what the user chose for single conversations
	privacy         *dialog                         // the Privacy window, if it is open
	historySettings *dialog                         // if it is open
	preferences     *dialog                         // if they are open
	proxySetup      *proxySetup                     // if it is open
	shortcuts       *dialog                         // the list of them, if it is open
	sample          Sound                           // the one chosen in it to listen to
	backup          *backingUp                      // a backup being made, if any
	backupWork      int                             // how hard backups are to open: see [backup.WorkFactor]
	restore         *restoring                      // a backup being opened, if any
	importing       *importing                      // the window that asks what to import, if it is open
	registering     *registering                    // an account being made on a server, if any
	incoming        *incoming                       // what comes in from a backup or another program, if anything
	lent            map[int][]plugin.File           // copies that somebody reads: see lend
	loans           int                             // how many there were
	security        *security                       // the Security window, if it is open
	damage          *dialog                         // that the store is damaged, if that was found
	leaving         *dialog                         // the question whether to quit
	welcoming       *welcome                        // the guide for newcomers, if it is open
	guide           *guideWindow                    // the page of a guide on show, if any
	accountOrder    []string                        // IDs of accounts as the user has put them
	accountMenuTold AccountMenusChanged             // what front ends know of accountMenus
	buddyMenu       []Menu                          // what front ends know of buddyMenus
	guides          []Guide                         // and of guideList
	sweeps          bool                            // it is about to sweep
	search          AskID                           // the one that is under way; 0: none
	away            bool                            // the user is: see SetActive
	quitting        bool
	lockable        bool            // what front ends know of canLock
	exports         []*exportWindow // that have begun
	busy            bool            // what front ends know of lasting
	stopped         []string        // what was given up at the end of Run
	turns           int             // how often a conversation was opened
	turn            time.Time       // when what is done now was begun: see inTurns
	steps           []func()        // what waits for the next one
	front           im.ConvID       // the one that the user brought to the front last
	past            im.ConvID       // the one of which the history is on show
	shipments       map[TransferID]*shipment
	shipTurns       int                // how many there were
	endingShipments map[*shipment]bool // those taken off the list while their work goes on
	shipTicks       bool               // front ends are about to be told how far they are
	depots          []im.AccountID     // from which files can be sent openly: as front ends were told
	pictures        pictures
	profiles        map[im.ConvID]*profile // that are on show
	knocks          []*knock               // strangers who want to reach the user, the first one first
	crowded         bool                   // there were more of them
	knockList       *dialog                // and the window of them, if it is open
	blockedList     *dialog                // the Blocked People window, if it is open
	arranging       arranging
	knocksLater     func() // stops the timer until they are kept; nil: they are
	links           []waitingLink
}

var _ Front = (*Messenger)(nil)

// New returns a messenger that does nothing until Run.
func New(cfg Config) *Messenger {
	return &Messenger{
		cfg:   cfg,
		inbox: queue.New[func()](),
		wire:  make(chan wireEvent, 64),
		done:  make(chan struct{}),
		model: model{
			backupWork: backup.WorkFactor,
			settings:   map[string]string{},
			accounts:   map[im.AccountID]*account{},
			list:       buddylist.New(),
			chats:      map[im.ConvID]*chat{},
			seed:       maphash.MakeSeed(),
			rooms:      map[im.ConvID]*room{},
			titles:     titles{},
			roomAsks:   map[string]roomAsk{},
			dialogs:    map[DialogID]*dialog{},
		},
	}
}

// Run loads what the store holds, connects the accounts that want it, and serves
// until Quit is called or ctx ends. It returns after everything has signed off.
func (m *Messenger) Run(ctx context.Context) error {
	workCtx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	m.ctx = workCtx
	err := m.Load()
	if err == nil {
		m.startPlugins()
		m.recoverStranded()
		m.recoverDrafts()
		m.resumeErasings()
		m.removeExports()
		m.loadPictures()
		m.startAccounts()
		m.sweep()
		m.checkStore()
		m.serve(ctx)
		m.endTurns()
		m.keepKnocks()
		m.keepSeen()
		m.stopped = m.givenUp()
		m.dropBackup()
		m.dropRestore()
		m.dropRegistering()
		m.dropImporting()
		m.dropIncoming()
		m.stopPlugins()
	}
	m.inbox.Close()
	close(m.done)
	cancel()
	m.work.Wait()
	m.dropTransfers()
	for _, files := range m.lent {
		wipeFiles(files)
	}
	m.lent = nil
	m.mu.Lock()
	defer m.mu.Unlock()
	m.over = true
	for _, q := range append(m.fronts, m.waiting...) {
		q.Put(Stopped{Locked: m.locked})
		q.Close()
	}
	return err
}

func (m *Messenger) serve(ctx context.Context) {
	leave := ctx.Done()
	var late <-chan time.Time
	for {
		m.refreshMenus()
		m.refreshAccountMenus()
		m.refreshDialogs()
		m.refreshDrafts()
		m.refreshLock()
		m.refreshBusy()
		m.refreshSending()
		m.refreshTaps()
		m.refreshLinks()
		if leave != nil && ctx.Err() != nil { // whatever else there is to do
			leave = nil
			m.quit()
		}
		if m.quitting {
			if !m.anyRunning() {
				return
			}
			if late == nil {
				late = time.After(quitGrace)
			}
		}
		select {
		case <-m.inbox.Ready():
			m.turn = time.Now()
			for _, f := range m.inbox.TryTake() {
				f()
			}
		case e := <-m.wire:
			m.sessionEvent(e)
		case <-leave:
			leave = nil
			m.quit()
		case <-late:
			return
		}
	}
}

// Subscribe returns a queue of events that begins with a Snapshot.
func (m *Messenger) Subscribe() *queue.Queue[Event] {
	q := queue.New[Event]()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.over {
		q.Put(Stopped{Locked: m.locked})
		q.Close()
		return q
	}
	m.waiting = append(m.waiting, q)
	m.inbox.Put(m.welcome)
	return q
}

// welcome takes up the subscriptions that wait.
func (m *Messenger) welcome() {
	m.mu.Lock()
	waiting := m.waiting
	m.waiting = nil
	m.mu.Unlock()
	for _, q := range waiting {
		q.Put(m.snapshot())
		for _, text := range m.early {
			q.Put(Trouble{text})
		}
		m.fronts = append(m.fronts, q)
	}
	if len(m.fronts) > 0 {
		m.early = nil
	}
}

// Unsubscribe ends a subscription.
func (m *Messenger) Unsubscribe(q *queue.Queue[Event]) {
	m.inbox.Put(func() {
		for i, f := range m.fronts {
			if f == q {
				m.fronts = append(m.fronts[:i], m.fronts[i+1:]...)
				break
			}
		}
		q.Close()
	})
}

func (m *Messenger) quit() {
	if m.quitting {
		return
	}
	m.quitting = true
	for _, a := range m.sortedAccounts() {
		do := a.link.Want(false)
		if a.cancel == nil {
			m.part(a)
		}
		m.follow(a, do)
	}
}

// becomeAvailable is what somebody wants who sets up an account while offline.
func (m *Messenger) becomeAvailable() {
	if m.presence.Show == im.Offline {
		m.setPresence(im.Presence{Show: im.Available})
	}
}

// Load reads what the store holds. Run does so by itself; call it before Run, and
// before anything else, to learn of a store that cannot be read while there is
// still time to say so. Its errors are the store's own: sentences for people.
func (m *Messenger) Load() error {
	if m.loaded {
		return nil
	}
	m.loaded = true
	defer func() {
		clear(m.cfg.Carried)
		m.cfg.Carried = nil
	}()
	store := m.cfg.Store
	m.presence = im.Presence{Show: im.Available}
	if v, ok, err := store.Setting(settingShow); err != nil {
		return err
	} else if n, e := strconv.Atoi(v); ok && e == nil {
		m.presence.Show = im.Show(n)
	}
	m.presence.Status, _, _ = store.Setting(settingStatus)
	m.loadStatuses()
	m.loadPounces()
	m.loadAccountOrder()
	m.loadPreferences()
	m.loadProxy()
	for _, key := range frontSettings {
		if v, ok, err := store.Setting(key); err == nil && ok {
			m.settings[key] = v
		}
	}
	var err error
	if m.choices, err = store.Logging(); err != nil {
		return err
	}
	if m.told, err = store.Choices(); err != nil {
		return err
	}
	if err := m.loadRescued(); err != nil {
		return err
	}
	if err := m.loadErasings(); err != nil {
		return err
	}
	list, err := store.Accounts()
	if err != nil {
		return err
	}
	for _, a := range list {
		if m.network(a.ID.Scheme()) == nil {
			continue // made by a version that knew more networks
		}
		m.addAccount(a)
		buddies, err := store.Roster(a.ID)
		if err != nil {
			return err
		}
		m.list.Apply(buddylist.Roster{Account: a.ID, Buddies: buddies})
		if err := m.loadRooms(a.ID); err != nil {
			return err
		}
		if err := m.recoverUnsent(a.ID); err != nil {
			return err
		}
	}
	m.noteFollowers()
	m.loginAsWished()
	m.loadArrangement()
	m.loadSpoke()
	m.loadKnocks()
	m.takeUp(m.cfg.Carried)
	return nil
}

func (m *Messenger) startAccounts() {
	for _, a := range m.sortedAccounts() {
		m.wish(a)
	}
	if len(m.accounts) == 0 && !m.cfg.NoFirstRun {
		m.showFirstRun()
	}
}

func (m *Messenger) snapshot() Snapshot {
	s := Snapshot{Presence: m.presence, Buddies: m.list.Events(), Settings: map[string]string{}, AccountMenus: m.accountMenus(), BuddyMenus: m.buddyMenus(), Guides: m.guideList(), CanLock: m.canLock(), Busy: len(m.lasting()) > 0, Front: m.front, Past: m.past, Invitations: m.invited(), Transfers: m.transfers(), Deposits: m.depots, Heeds: m.heeds(), Statuses: m.statusList(), Idle: m.idleState(), OwnPictures: m.ownPictureList()}
	for _, a := range m.sortedAccounts() {
		s.Accounts = append(s.Accounts, a.link.State())
	}
	for _, c := range m.chatsByTurn() {
		if c.open {
			s.Conversations = append(s.Conversations, m.state(c))
		}
	}
	for _, d := range m.sortedDialogs() {
		s.Dialogs = append(s.Dialogs, DialogOpened{d.id, d.conv, d.form})
	}
	for k, v := range m.settings {
		s.Settings[k] = v
	}
	return s
}

func (m *Messenger) publish(e Event) {
	for _, q := range m.fronts {
		q.Put(e)
	}
}

// trouble tells the user of something that belongs to no conversation.
func (m *Messenger) trouble(what string, err error) {
	if m.isDamage(err) {
		m.foundDamage(what)
		return
	}
	text := sentence(what, err)
	if len(m.fronts) == 0 {
		m.early = append(m.early, text)
	}
	m.publish(Trouble{Text: text})
}

func (m *Messenger) network(scheme string) protocol.Protocol {
	for _, n := range m.cfg.Networks {
		if n.Scheme() == scheme {
			return n
		}
	}
	return nil
}

// applyList changes the Buddy List, here and in all front ends.
func (m *Messenger) applyList(e buddylist.Event) {
	m.titles.follow(m.list, e)
	m.list.Apply(e)
	m.publish(BuddyListChanged{e})
}

// background runs work on a goroutine of its own, and done with its result on the
// messenger's.
func (m *Messenger) background(work func(context.Context) error, done func(error)) {
	m.work.Go(func() {
		err := work(m.ctx)
		m.inbox.Put(func() { done(err) })
	})
}

// after runs f on the messenger's goroutine when d has passed.
func (m *Messenger) after(d time.Duration, f func()) (stop func()) {
	stopped := false // only touched on the messenger's goroutine
	t := time.AfterFunc(d, func() {
		m.inbox.Put(func() {
			if !stopped {
				f()
			}
		})
	})
	return func() { stopped = true; t.Stop() }
}

// newID returns a fresh message ID.
func newID() string {
	b := make([]byte, 12)
	rand.Read(b)
	return hex.EncodeToString(b)
}
