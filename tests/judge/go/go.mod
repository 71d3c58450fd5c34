module kubepki.dev/judge

go 1.25
