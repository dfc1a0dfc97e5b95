import { type ConnectionRow, eventErrors, type Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createRig, type Rig } from '../testing/rig.ts';
import { createPlanSource } from './plan-source.ts';

const USES = '{ fw: { connection: soc_fw } }';
const text = `kind: playbook/v1\nid: p\ntitle: T\nuses: ${USES}\non: [{ manual: {} }]\nsteps: [{ id: a, action: fw.read_rules }]\n`;

function connection(connector: string, rev = 1): ConnectionRow {
  const config = { title: 'Firewall', config: {}, secrets: {}, network: 'public', allowed_hosts: [] } as const;
  return {
    id: 'soc_fw',
    connector,
    ...config,
    simulated: false,
    enabled: true,
    site: '',
    created_at: 0,
    updated_at: 0,
    rev,
  };
}

let store: Store;
let rig: Rig;
beforeEach(async () => {
  store = createMemoryStore();
  rig = await createRig(store);
});

const connectorOf = async () => {
  const { plan } = await rig.plans.current('p');
  return plan.uses.fw?.kind === 'connection' ? plan.uses.fw.connector : undefined;
};

describe('createPlanSource: a connection that is named without its connector', () => {
  it('is acted through with the connector that it belongs to', async () => {
    await store.commit({ rows: [{ op: 'insert', table: 'connections', row: connection('fortigate') }] });
    await rig.publish(text);
    await rig.run();
    await rig.settle();
    expect(rig.door.sent).toMatchObject([{ connector: 'fortigate', action: 'read_rules', connection: 'soc_fw' }]);
  });

  it('is found once it has been created, also after the playbook was published', async () => {
    await rig.publish(text);
    expect(await connectorOf()).toBe('');
    await store.commit({ rows: [{ op: 'insert', table: 'connections', row: connection('fortigate') }] });
    expect(await connectorOf()).toBe('fortigate');
  });

  it('is looked at again when it changes', async () => {
    await store.commit({ rows: [{ op: 'insert', table: 'connections', row: connection('fortigate') }] });
    await rig.publish(text);
    expect(await connectorOf()).toBe('fortigate');
    await store.commit({ rows: [{ op: 'update', table: 'connections', row: connection('pfsense', 2) }] });
    expect(await connectorOf()).toBe('pfsense');
  });
});

describe('createPlanSource: a store that is in trouble', () => {
  it('makes whoever asks ask again, rather than do without a playbook', async () => {
    await rig.publish(text.replace('manual: {}', 'topic: alert.created.v1'));
    const failed = eventErrors.store_failed({ reason: 'it is starting up' });
    let trouble = true;
    const troubled: Store = {
      ...store,
      get: (table, id) => (trouble && table === 'playbook_versions' ? Promise.reject(failed) : store.get(table, id)),
    };
    const problems: string[] = [];
    const permissionsOf = async () => new Set<string>();
    const plans = createPlanSource({ store: troubled, permissionsOf, onProblem: (id) => problems.push(id) });
    await expect(plans.forTopic('alert.created.v1')).rejects.toBe(failed);
    trouble = false;
    expect(await plans.forTopic('alert.created.v1')).toHaveLength(1);
    expect(problems).toEqual([]);
    plans.close();
  });
});
