// A sink for uploads: reads every request to its end by Content-Length, answers "ok" and counts.
// Prints its port, answers any GET with the counts since the last GET, ends with its standard input.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"
)

type counts struct {
	Uploads  int `json:"uploads"`
	Bytes    int `json:"bytes"`
	Smallest int `json:"smallest"`
	Largest  int `json:"largest"`
	// Cut uploads ended before their last byte.
	Cut int `json:"cut"`
	// Seconds from the first byte of the first upload to the answer of the last.
	Seconds float64 `json:"seconds"`
}

var (
	lock        sync.Mutex
	now         counts
	first, last time.Time
	open        int
)

var (
	headEnd   = []byte("\r\n\r\n")
	length    = []byte("\r\ncontent-length: ")
	expecting = []byte("\r\nexpect: 100-continue")
	goOn      = []byte("HTTP/1.1 100 Continue\r\n\r\n")
	answer    = []byte("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok")
)

func main() {
	runtime.GOMAXPROCS(1) // the other cores are the client's
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	for {
		connection, err := listener.Accept()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		go serve(connection)
	}
}

func serve(connection net.Conn) {
	defer connection.Close()
	count(func() { open++ })
	defer count(func() { open-- })
	buffer := make([]byte, 256<<10)
	for {
		have, end := 0, -1
		var start time.Time
		for end < 0 {
			n, err := connection.Read(buffer[have:])
			if err != nil {
				return
			}
			if have == 0 {
				start = time.Now()
			}
			have += n
			end = bytes.Index(buffer[:have], headEnd)
		}
		head := bytes.ToLower(buffer[:end+2])
		if bytes.HasPrefix(head, []byte("get ")) {
			report(connection)
			return
		}
		count(func() {
			if first.IsZero() {
				first = start
			}
		})
		size := sizeOf(head)
		if bytes.Contains(head, expecting) {
			connection.Write(goOn)
		}
		for left := size - (have - end - len(headEnd)); left > 0; {
			n, err := connection.Read(buffer[:min(left, len(buffer))])
			if err != nil {
				count(func() { now.Cut++ })
				return
			}
			left -= n
		}
		count(func() { add(size) })
		if _, err := connection.Write(answer); err != nil {
			return
		}
	}
}

func sizeOf(head []byte) int {
	_, value, _ := bytes.Cut(head, length)
	digits, _, _ := bytes.Cut(value, []byte("\r"))
	size, _ := strconv.Atoi(string(digits))
	return size
}

func add(size int) {
	if now.Uploads == 0 || size < now.Smallest {
		now.Smallest = size
	}
	now.Largest = max(now.Largest, size)
	now.Uploads++
	now.Bytes += size
	last = time.Now()
}

func count(change func()) {
	lock.Lock()
	defer lock.Unlock()
	change()
}

// report waits until the asker's is the only connection left.
func report(connection net.Conn) {
	lock.Lock()
	for open > 1 {
		lock.Unlock()
		time.Sleep(time.Millisecond)
		lock.Lock()
	}
	defer lock.Unlock()
	now.Seconds = last.Sub(first).Seconds()
	body, _ := json.Marshal(now)
	now, first = counts{}, time.Time{}
	fmt.Fprintf(connection, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}
