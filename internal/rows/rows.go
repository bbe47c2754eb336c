// Package rows writes and reads what moves house: files of rows, each a JSON value on
// a line of its own. It keeps no state.
package rows

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
)

// ErrTooLong is a row that is longer than a row may be.
var ErrTooLong = errors.New("a row is too long")

// Append adds a row to a file. One of more than most bytes is not added: ErrTooLong.
func Append(file *bytes.Buffer, row any, most int) error {
	before := file.Len()
	e := json.NewEncoder(file)
	e.SetEscapeHTML(false)
	if err := e.Encode(row); err != nil {
		return err
	}
	if file.Len()-before-1 > most {
		clear(file.Bytes()[before:]) // it may be secret
		file.Truncate(before)
		return ErrTooLong
	}
	return nil
}

// All are the rows of a file, each of at most so many bytes, or what is wrong with it.
// What a row lacks is as in without.
func All[T any](file []byte, most int, without T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for line := range bytes.Lines(file) {
			line = bytes.TrimSuffix(line, []byte("\n"))
			if len(line) == 0 {
				continue
			}
			row, err := without, ErrTooLong
			if len(line) <= most {
				err = json.Unmarshal(line, &row)
			}
			if err != nil {
				row = without
			}
			if !yield(row, err) {
				return
			}
		}
	}
}
