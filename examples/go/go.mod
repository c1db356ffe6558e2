module leakhunt.example/thumbnails

go 1.19
