// Command upload takes files and computes their checksums in the background.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log"
	"net/http"
	_ "net/http/pprof" // leakhunt reads the heap and the goroutines here.
	"os"
)

// room is how many checksums a channel holds that nobody has received yet. With no room, the goroutine behind
// each upload waits forever for a receiver that only ?wait brings.
var room = 1

func main() {
	if os.Getenv("LEAK") != "" {
		room = 0
	}
	port := os.Getenv("PORT")
	if port == "" {
		port = "8000"
	}
	http.HandleFunc("/upload", upload)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))
}

func upload(w http.ResponseWriter, r *http.Request) {
	file, _, err := r.FormFile("file")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	defer r.MultipartForm.RemoveAll()
	defer file.Close()

	content, err := io.ReadAll(file)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	checksum := make(chan string, room)
	go func() {
		sum := sha256.Sum256(content)
		checksum <- hex.EncodeToString(sum[:])
	}()
	if r.URL.Query().Has("wait") {
		io.WriteString(w, <-checksum+"\n")
		return
	}
	w.WriteHeader(http.StatusAccepted)
}
