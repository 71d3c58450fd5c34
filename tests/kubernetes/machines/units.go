package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// What stands in for systemd, which starts as no machine's first process here: it starts what unit files say, starts it again
// when it ends, and keeps what it prints. It reads of a unit only what services of a cluster use.

const (
	logs    = "/var/log/units"
	running = "/run/units"
	// Longer than any scenario runs, so that nothing goes on for ever.
	mostStarts = 600
)

var unitFolders = []string{"/etc/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"}

// service is the section [Service] of a unit.
type service struct {
	settings    []string
	environment []string
	command     string
	restarts    bool
}

// load reads a unit and its drop-ins; nothing where there is no such unit.
func load(name string) *service {
	var files []string
	for _, folder := range unitFolders {
		unit := filepath.Join(folder, name+".service")
		if _, err := os.Stat(unit); err == nil {
			files = append(files, unit)
			break
		}
	}
	if files == nil {
		return nil
	}
	for _, folder := range unitFolders {
		drops, _ := filepath.Glob(filepath.Join(folder, name+".service.d", "*.conf"))
		files = append(files, drops...)
	}
	found := &service{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		stop(err)
		found.read(strings.ReplaceAll(string(text), "\\\n", " "))
	}
	return found
}

func (found *service) read(text string) {
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		key, value, is := strings.Cut(strings.TrimSpace(lines.Text()), "=")
		if !is || strings.HasPrefix(key, "#") {
			continue
		}
		switch key {
		case "Environment":
			found.settings = append(found.settings, strings.Trim(value, "\""))
		case "EnvironmentFile":
			found.environment = append(found.environment, value)
		case "ExecStart":
			found.command = value
		case "Restart":
			found.restarts = value == "always" || value == "on-failure"
		}
	}
}

var variable = regexp.MustCompile(`\$\{?(\w+)\}?`)

// start runs the command of a unit once: variables of its environment files stand for their words.
func (found *service) start(log *os.File) (*exec.Cmd, error) {
	values := map[string]string{}
	set := func(line string) {
		if key, value, is := strings.Cut(line, "="); is && !strings.HasPrefix(key, "#") {
			values[key] = strings.Trim(value, "\"'")
		}
	}
	for _, line := range found.settings {
		set(line)
	}
	for _, file := range found.environment {
		text, err := os.ReadFile(strings.TrimPrefix(file, "-"))
		if err != nil && !strings.HasPrefix(file, "-") {
			return nil, err
		}
		for _, line := range strings.Split(string(text), "\n") {
			set(strings.TrimSpace(line))
		}
	}
	line := variable.ReplaceAllStringFunc(found.command, func(word string) string {
		return values[variable.FindStringSubmatch(word)[1]]
	})
	words := strings.Fields(line)
	for index := range words {
		words[index] = strings.Trim(words[index], "\"'")
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("it says no ExecStart")
	}
	command := exec.Command(words[0], words[1:]...)
	command.Stdout, command.Stderr = log, log
	for key, value := range values {
		command.Env = append(command.Env, key+"="+value)
	}
	command.Env = append(command.Env, "PATH="+os.Getenv("PATH"))
	return command, command.Start()
}

// supervise runs a unit until it is told to stop.
func supervise(name string) {
	found := load(name)
	log, err := os.OpenFile(filepath.Join(logs, name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	stop(err)
	for range mostStarts {
		command, err := found.start(log)
		if err != nil {
			fmt.Fprintf(log, "systemd: %s does not start: %v\n", name, err)
		} else {
			stop(os.WriteFile(filepath.Join(running, name+".main"), []byte(strconv.Itoa(command.Process.Pid)), 0o644))
			err = command.Wait()
			os.Remove(filepath.Join(running, name+".main"))
			fmt.Fprintf(log, "systemd: %s ended: %v\n", name, err)
		}
		if !found.restarts {
			return
		}
		time.Sleep(time.Second)
	}
}

func number(file string) int {
	text, _ := os.ReadFile(filepath.Join(running, file))
	found, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return found
}

func active(name string) bool {
	process := number(name + ".main")
	return process > 0 && syscall.Kill(process, 0) == nil
}

func startUnit(name string) {
	if supervisor := number(name + ".supervisor"); supervisor > 0 && syscall.Kill(supervisor, 0) == nil {
		return
	}
	stop(os.MkdirAll(logs, 0o755))
	stop(os.MkdirAll(running, 0o755))
	if load(name) == nil {
		fmt.Fprintf(os.Stderr, "Failed to start %s.service: Unit %s.service not found.\n", name, name)
		os.Exit(5)
	}
	command := exec.Command("/proc/self/exe", "systemctl", "supervise", name)
	command.Env = os.Environ()
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	stop(command.Start())
	stop(os.WriteFile(filepath.Join(running, name+".supervisor"), []byte(strconv.Itoa(command.Process.Pid)), 0o644))
	// Who stops it at once must find the program, or it would go on without anybody who knows of it.
	for waited := 0; number(name+".main") == 0 && waited < 500; waited++ {
		if ended, _ := syscall.Wait4(command.Process.Pid, nil, syscall.WNOHANG, nil); ended != 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func stopUnit(name string) {
	for _, file := range []string{name + ".supervisor", name + ".main"} {
		process := number(file)
		if process <= 0 {
			continue
		}
		// The one that starts it again goes at once; the program may take its leave.
		signal := syscall.SIGTERM
		if strings.HasSuffix(file, ".supervisor") {
			signal = syscall.SIGKILL
		}
		syscall.Kill(process, signal)
		for waited := 0; syscall.Kill(process, 0) == nil && waited < 300; waited++ {
			time.Sleep(50 * time.Millisecond)
		}
		syscall.Kill(process, syscall.SIGKILL)
		os.Remove(filepath.Join(running, file))
	}
}

func systemctl() {
	var verb string
	var names []string
	now := false
	for _, word := range os.Args[1:] {
		switch {
		case word == "--now":
			now = true
		case strings.HasPrefix(word, "-"):
		case verb == "":
			verb = word
		default:
			names = append(names, strings.TrimSuffix(word, ".service"))
		}
	}
	for _, name := range names {
		switch verb {
		case "supervise":
			supervise(name)
		case "start":
			startUnit(name)
		case "restart":
			stopUnit(name)
			startUnit(name)
		case "stop":
			stopUnit(name)
		case "enable", "disable":
			if now && verb == "enable" {
				startUnit(name)
			} else if now {
				stopUnit(name)
			}
		case "is-active":
			if !active(name) {
				fmt.Println("inactive")
				os.Exit(3)
			}
			fmt.Println("active")
		case "is-enabled":
			if load(name) == nil {
				os.Exit(1)
			}
			fmt.Println("enabled")
		case "status":
			if load(name) == nil {
				fmt.Println("   Loaded: not-found")
				os.Exit(4)
			}
			fmt.Println("   Loaded: loaded")
		default:
			stop(fmt.Errorf("%s is nothing that it can do", verb))
		}
	}
}

// journalctl prints what a unit printed; what else it is asked makes no difference.
func journalctl() {
	for index, word := range os.Args {
		if word == "-u" && index+1 < len(os.Args) {
			text, err := os.ReadFile(filepath.Join(logs, os.Args[index+1]+".log"))
			stop(err)
			os.Stdout.Write(text)
		}
	}
}
