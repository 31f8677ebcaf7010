// An echo server on package net: echo-go tcp|unix|udp SIZE [PATH]
//
// As its users write it: a goroutine and a buffer a connection.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: echo-go tcp|unix|udp SIZE [PATH]")
		os.Exit(2)
	}
	size, err := strconv.Atoi(os.Args[2])
	check(err)
	go endWithInput()
	switch os.Args[1] {
	case "udp":
		serveDatagrams(size)
	case "unix":
		serveStreams("unix", os.Args[3], max(size, 4096))
	default:
		serveStreams("tcp", "127.0.0.1:0", max(size, 4096))
	}
}

func serveStreams(network, address string, size int) {
	listener, err := net.Listen(network, address)
	check(err)
	port := 0
	if inet, ok := listener.Addr().(*net.TCPAddr); ok {
		port = inet.Port
	}
	fmt.Println(port)
	for {
		connection, err := listener.Accept()
		check(err)
		go echo(connection, size)
	}
}

func echo(connection net.Conn, size int) {
	defer connection.Close()
	buffer := make([]byte, size)
	for {
		count, err := connection.Read(buffer)
		if err != nil {
			return
		}
		if _, err := connection.Write(buffer[:count]); err != nil {
			return
		}
	}
}

func serveDatagrams(size int) {
	connection, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	check(err)
	fmt.Println(connection.LocalAddr().(*net.UDPAddr).Port)
	buffer := make([]byte, size)
	for {
		count, from, err := connection.ReadFromUDPAddrPort(buffer)
		if err == nil {
			_, _ = connection.WriteToUDPAddrPort(buffer[:count], from)
		}
	}
}

func endWithInput() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func max(a, b int) int {
	if a > b {
		return a
	}
	return b
}
