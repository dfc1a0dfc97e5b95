import { type NatsServer, type PostgresServer, startNats, startPostgres } from '@counterpoint/testing';
import { addFigures, type ScenarioResult } from './scenario.ts';

/** Does something with a scratch PostgreSQL; where there is none, the scenario is skipped and says why. */
export async function withPostgres(
  name: string,
  use: (server: PostgresServer) => Promise<ScenarioResult>,
): Promise<ScenarioResult> {
  let server: PostgresServer;
  try {
    server = await startPostgres();
  } catch (error) {
    const skipped = `no PostgreSQL server can be started here (${String(error).split('\n')[0]})`;
    return { name, skipped, notes: [], violations: [], figures: addFigures([]) };
  }
  try {
    return await use(server);
  } finally {
    server.stop();
  }
}

/** As {@link withPostgres}, with a scratch nats-server besides. */
export function withPostgresAndNats(
  name: string,
  use: (postgres: PostgresServer, nats: NatsServer) => Promise<ScenarioResult>,
): Promise<ScenarioResult> {
  return withPostgres(name, async (postgres) => {
    let nats: NatsServer;
    try {
      nats = await startNats();
    } catch (error) {
      const skipped = `no nats-server can be started here (${String(error).split('\n')[0]})`;
      return { name, skipped, notes: [], violations: [], figures: addFigures([]) };
    }
    try {
      return await use(postgres, nats);
    } finally {
      await nats.remove();
    }
  });
}
