// node's ws as either side of a WebSocket: does what it is told line by line, and says what comes. The words are those of ws_peer.py.
// Usage: ws_peer.js listen plain|deflate [CERTIFICATE-WITH-KEY]
//        ws_peer.js connect plain|deflate URL [AUTHORITY]
const fs = require('fs');
const https = require('https');
const readline = require('readline');
const WebSocket = require('ws');

const LIMIT = 2 ** 20; // of what it takes, in bytes
const [role, compression, ...rest] = process.argv.slice(2);
const perMessageDeflate = compression === 'deflate' ? { threshold: 0 } : false;

const obey = (socket, line) => {
  const [verb, ...words] = line.split(' ');
  const text = words.join(' ');
  switch (verb) {
    case 'text': return socket.send(text);
    case 'hex': return socket.send(Buffer.from(text, 'hex'));
    case 'fragments': return words.forEach((word, index) => socket.send(word, { fin: index === words.length - 1 }));
    case 'large': return socket.send(Buffer.alloc(Number(text) * 2 ** 20, 'x'));
    case 'ping':
      socket.once('pong', () => console.log('ponged'));
      return socket.ping('are you there');
    case 'close': return socket.close(Number(words[0]), words.slice(1).join(' '));
    case 'die': return process.exit(0);
  }
};

const talk = socket => {
  const opened = () => {
    console.log('open', socket.protocol || '-', socket.extensions.includes('permessage-deflate') ? 'compressed' : 'plain');
    readline.createInterface({ input: process.stdin }).on('line', line => obey(socket, line));
  };
  if (socket.readyState === WebSocket.OPEN) opened();
  else socket.on('open', opened);
  socket.on('message', (data, isBinary) => console.log(isBinary ? `binary ${data.length < 100 ? data.toString('hex') : data.length}` : `text ${data}`));
  socket.on('error', error => console.log('failed', error.message));
  socket.on('close', (code, reason) => {
    console.log('closed', code, reason.toString());
    process.exit(0);
  });
};

if (role === 'connect') {
  talk(new WebSocket(rest[0], compression === 'deflate' ? ['other', 'eye'] : [], { perMessageDeflate, maxPayload: LIMIT, ca: rest[1] && fs.readFileSync(rest[1]) }));
} else {
  const handleProtocols = offered => offered.has('eye') ? 'eye' : false;
  const options = { perMessageDeflate, maxPayload: LIMIT, handleProtocols };
  const says = server => () => console.log(`listening on 127.0.0.1:${server.address().port}`);
  if (rest[0]) {
    const pem = fs.readFileSync(rest[0]);
    const server = https.createServer({ cert: pem, key: pem });
    new WebSocket.WebSocketServer({ ...options, server }).on('connection', talk);
    server.listen(0, '127.0.0.1', says(server));
  } else {
    const server = new WebSocket.WebSocketServer({ ...options, host: '127.0.0.1', port: 0 });
    server.on('listening', says(server)).on('connection', talk);
  }
}
