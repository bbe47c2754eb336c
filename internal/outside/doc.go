// Package outside tests what leaves the computer: whole messengers live in a network
// that leads nowhere, in which every packet is recorded. They speak to the server that
// they were told of, or to the proxy, and to nobody else.
package outside
