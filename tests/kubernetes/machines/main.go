// Program machine is what our machines run of our own: what stands in for systemd, and the program of the container that holds
// a pod's namespaces. It does what the program does whose name it has, or whose name its first argument is. The programs of
// others that a machine needs are the tools of go.mod.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
)

var programs = map[string]func(){
	"journalctl": journalctl,
	"pause":      pause,
	"webhook":    webhook,
}

func init() {
	// It starts itself again, which the table above must not depend on.
	programs["systemctl"] = systemctl
}

// pause waits until it is told to stop, and takes leave of the children that it inherits meanwhile. With -v it says that it is
// there and ends, as the container does with which kubeadm finds out before an upgrade whether pods run.
func pause() {
	if len(os.Args) > 1 && os.Args[1] == "-v" {
		fmt.Println("pause of a machine")
		return
	}
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGINT, syscall.SIGTERM, syscall.SIGCHLD)
	for received := range told {
		if received != syscall.SIGCHLD {
			return
		}
		for {
			child, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
			if child <= 0 || err != nil {
				break
			}
		}
	}
}

func stop(err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", filepath.Base(os.Args[0]), err)
		os.Exit(1)
	}
}

func main() {
	program, found := programs[filepath.Base(os.Args[0])]
	if !found && len(os.Args) > 1 {
		os.Args = os.Args[1:]
		program, found = programs[os.Args[0]]
	}
	if !found {
		names := make([]string, 0, len(programs))
		for name := range programs {
			names = append(names, name)
		}
		slices.Sort(names)
		fmt.Fprintf(os.Stderr, "machine: say which program to be, as the first argument: %v\n", names)
		os.Exit(2)
	}
	program()
}
