package messenger

import (
	"context"

	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// The password for an account's proxy is in the vault, beside the account's own.

// ofProxy reports whether a settings field is about the proxy.
func ofProxy(field string) bool {
	switch field {
	case protocol.FieldProxy, protocol.FieldProxyHost, protocol.FieldProxyPort, protocol.FieldProxyUser, protocol.FieldProxyPassword:
		return true
	}
	return false
}

func proxyPasswordName(id im.AccountID) string { return "proxy/" + string(id) }

// proxyPassword gets what the vault has under a name, for a session with these settings;
// empty if the proxy is told none.
func (m *Messenger) proxyPassword(ctx context.Context, set im.Account, name string) (im.Secret, error) {
	if set.Option(protocol.FieldProxyUser) == "" {
		return im.Secret{}, nil
	}
	b, err := m.cfg.Vault.Get(ctx, name)
	if err != nil {
		return im.Secret{}, &protocol.Failure{Cause: protocol.WrongPassword, Err: err,
			Text: sentence(lang.T("The password for the proxy could not be read from the keyring. Unlock the keyring and reconnect."), err)}
	}
	return im.NewSecret(b), nil
}

// saveProxyPassword keeps a password that was typed under a name, and none if the proxy is
// told none. The empty one stands for the one that there is.
func (m *Messenger) saveProxyPassword(name string, told bool, typed im.Secret, done func(error)) {
	defer typed.Wipe()
	switch {
	case !told:
		m.dropProxyPassword(name, done)
	case typed.IsEmpty():
		done(nil)
	default:
		password := im.NewSecret(append([]byte(nil), typed.Bytes()...))
		m.background(func(ctx context.Context) error {
			defer password.Wipe()
			return m.cfg.Vault.Put(ctx, name, password.Bytes())
		}, done)
	}
}

func (m *Messenger) dropProxyPassword(name string, done func(error)) {
	m.background(func(ctx context.Context) error { return m.cfg.Vault.Delete(ctx, name) }, done)
}
