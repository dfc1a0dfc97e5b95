import { loadConfig, startServer } from '@counterpoint/server';
import { oracleConnector } from '../oracle/connector.ts';
import { breakDoor, breakStore } from './breaks.ts';
import { createDeadly } from './deadly.ts';
import type { Order, Report, SubjectSetup } from './orders.ts';
import { noteOwners } from './owners.ts';
import { createSteppedClock } from './stepped-clock.ts';

const setup = JSON.parse(process.argv[2] ?? '') as SubjectSetup;
const tell = (report: Report): void => void process.send?.(report);
const deadly = createDeadly((run) => tell({ report: 'ended', run }));
const clock = createSteppedClock(setup.clockOffset);

process.on('message', (order: Order) => {
  if (order.order === 'arm') deadly.arm(order.failpoint, order.moment, order.playbook);
  else if (order.order === 'disarm') deadly.disarm();
  else clock.set(order.offset);
  tell({ report: 'done', order: order.order });
});
process.on('disconnect', () => process.exit(0));

const { config } = loadConfig({ flags: setup.settings, env: {}, file: { path: '', named: false } });
const {
  url,
  setupCode = null,
  stop,
} = await startServer(config, () => undefined, {
  clock,
  connectors: [oracleConnector(setup.worker, setup.break === 'retry-unknown')],
  store: (store) => deadly.store(breakStore(setup.break, noteOwners(setup.ownersFile, setup.worker, store))),
  door: (door) => deadly.door(breakDoor(setup.break, door)),
  ...(setup.leaseMillis === undefined ? {} : { limits: { leaseMillis: setup.leaseMillis } }),
});
process.once('SIGTERM', () => void stop().then(() => process.exit(0)));
tell({ report: 'ready', url, setupCode });
