module kubepki.dev/bench

go 1.24
