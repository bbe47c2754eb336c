package testkit

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Certificate is a self-signed certificate of a test server: its own authority.
type Certificate struct {
	CAFile  string         // PEM; put into SSL_CERT_FILE, it makes a program trust the server
	KeyFile string         // PEM, of the private key
	Pool    *x509.CertPool // what is in CAFile, for tls.Config.RootCAs
	SHA256  string         // of the certificate in DER, lower-case hex: what a user would pin
}

// NewCertificate makes a certificate for the domain; its files go with the test.
func NewCertificate(t testing.TB, domain string) Certificate {
	t.Helper()
	c, err := newCertificate(t.TempDir(), domain)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// newCertificate makes an EC P-256 certificate for the domain, for more of them, and
// for the loopback address, with its files in dir.
func newCertificate(dir, domain string, more ...string) (Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Certificate{}, fmt.Errorf("make a key: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(time.Now().UnixNano()),
		Subject:               pkix.Name{CommonName: domain},
		DNSNames:              append([]string{domain}, more...),
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(24 * time.Hour),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return Certificate{}, fmt.Errorf("make a certificate: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return Certificate{}, fmt.Errorf("read the certificate: %w", err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return Certificate{}, fmt.Errorf("encode the key: %w", err)
	}
	sum := sha256.Sum256(der)
	c := Certificate{
		CAFile:  filepath.Join(dir, "server.crt"),
		Pool:    x509.NewCertPool(),
		SHA256:  hex.EncodeToString(sum[:]),
		KeyFile: filepath.Join(dir, "server.key"),
	}
	c.Pool.AddCert(leaf)
	if err := os.WriteFile(c.CAFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		return Certificate{}, err
	}
	if err := os.WriteFile(c.KeyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), 0o600); err != nil {
		return Certificate{}, err
	}
	return c, nil
}
