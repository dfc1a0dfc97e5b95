import { describeProcesses } from '@counterpoint/events/conformance';
import { startNats } from '@counterpoint/testing';
import { connectNats, type NatsLink } from './connect.ts';
import { createNatsProcessCalls } from './process-calls.ts';
import { createNatsProcessNotices } from './process-notices.ts';

describeProcesses('NATS', async () => {
  const server = await startNats();
  const links: NatsLink[] = [];
  return {
    async process(name) {
      const link = await connectNats({ url: server.url, name });
      links.push(link);
      const notices = createNatsProcessNotices(link, { process: name, unsure: 3_000 });
      return { calls: createNatsProcessCalls(link), notices, kill: () => link.connection.close() };
    },
    async restart() {
      await server.kill();
      await server.restart();
    },
    async destroy() {
      await Promise.all(links.map((link) => link.close()));
      await server.remove();
    },
  };
});
