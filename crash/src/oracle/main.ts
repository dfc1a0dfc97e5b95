import type { AddressInfo } from 'node:net';
import { openDurableLog } from '../durable-log.ts';
import { createOracle } from './server.ts';

const [path] = process.argv.slice(2);
if (!path) throw new RangeError('the oracle needs the file of its journal');

const server = createOracle(openDurableLog(path));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}` });
});
process.on('disconnect', () => process.exit(0));
