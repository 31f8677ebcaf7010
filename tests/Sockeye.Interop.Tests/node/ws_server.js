// node's ws as a server: echoes messages. Usage: ws_server.js plain|deflate
const { WebSocketServer } = require('ws');
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: process.argv[2] === 'deflate' ? { threshold: 0 } : false });
server.on('listening', () => console.log(`listening on 127.0.0.1:${server.address().port}`));
server.on('connection', socket => {
  socket.on('message', (data, isBinary) => {
    const text = isBinary ? '' : data.toString();
    if (text === 'ping me') {
      socket.once('pong', payload => socket.send(`ponged ${payload}`));
      socket.ping('from node');
    } else if (text === 'fragments') {
      socket.send('in ', { fin: false });
      socket.send('three ', { fin: false });
      socket.send('parts', { fin: true });
    } else if (text === 'close me') {
      socket.close(4002, 'as you wish');
    } else {
      socket.send(data, { binary: isBinary });
    }
  });
  socket.on('error', error => console.log('failed', error.code));
  socket.on('close', (code, reason) => console.log('closed', code, reason.toString()));
});
