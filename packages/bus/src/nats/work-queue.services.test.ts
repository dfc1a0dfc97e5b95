import { describeWorkQueue } from '@counterpoint/events/conformance';
import { startNats } from '@counterpoint/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { connectNats, type NatsLink } from './connect.ts';
import { createNatsWorkQueue } from './work-queue.ts';

describeWorkQueue('JetStream', async () => {
  const server = await startNats();
  const links: NatsLink[] = [];
  return {
    async process() {
      const link = await connectNats({ url: server.url });
      links.push(link);
      return {
        queue: createNatsWorkQueue(link, { ackWait: 1_000 }),
        kill: () => link.connection.close(),
      };
    },
    restart: async () => {
      await server.kill();
      await server.restart();
    },
    async lose() {
      const [link] = links;
      if (!link) throw new Error('there is no process yet');
      const { streams } = await jetstreamManager(link.connection);
      await streams.delete(`${link.prefix}_work`);
    },
    async destroy() {
      await Promise.all(links.map((link) => link.close()));
      await server.remove();
    },
  };
});
