// node's ws as a client of an echo server. Usage: ws_client.js URL plain|deflate
const WebSocket = require('ws');
const socket = new WebSocket(process.argv[2], ['eye'], { perMessageDeflate: process.argv[3] === 'deflate' ? { threshold: 0 } : false });
const messages = ['hello', '你好，世界', '', Buffer.from([0, 255]), Buffer.alloc(2000000, 'abcdefg'), 'x'.repeat(100000)];
let next = 0;
const send = () => {
  if (next < messages.length) return socket.send(messages[next]);
  socket.once('pong', payload => { console.log('ponged', payload.toString()); socket.close(4003, '再见'); });
  socket.ping('are you there');
};
socket.on('open', () => {
  console.log('subprotocol', socket.protocol);
  console.log('compressed', socket.extensions.includes('permessage-deflate'));
  send();
});
socket.on('message', (data, isBinary) => {
  const expected = messages[next++];
  console.log('same', isBinary === Buffer.isBuffer(expected) && data.equals(Buffer.from(expected)));
  send();
});
socket.on('error', error => console.log('failed', error.message));
socket.on('close', (code, reason) => console.log('closed', code, reason.toString()));
