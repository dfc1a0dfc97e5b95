import { Group, Text } from '@mantine/core';
import { EffectBadge, SimulatedMark } from '../../ui/badges.tsx';
import { Defanged } from '../../ui/defanged.tsx';
import { Facts } from '../../ui/facts.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { Ref } from '../../ui/ref.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { Panel } from '../alerts/panel.tsx';
import styles from './approvals.module.css';
import {
  type CoveredCall,
  callName,
  coversTitle,
  endWords,
  type Matter,
  reachWords,
  throughWords,
} from './matter-words.ts';

function Target({ target, standing }: Pick<CoveredCall, 'target' | 'standing'>) {
  const value = target.slice(target.indexOf(':') + 1);
  return (
    <>
      <dt>On</dt>
      <dd>
        <Defanged value={value} />
        {standing > 0 && (
          <Text size="xs" c="dimmed">
            {standing === 1 ? 'a change is' : `${standing} changes are`} in force on it already
          </Text>
        )}
      </dd>
    </>
  );
}

function Call({ call, open }: { readonly call: CoveredCall; readonly open: boolean }) {
  const through = throughWords(call);
  const end = endWords(call);
  return (
    <li className={styles.call}>
      <Group gap="xs">
        <Text fw={600} size="sm" component="span">
          <Untrusted text={callName(call)} longest={160} />
        </Text>
        {call.effect && <EffectBadge effect={call.effect} />}
        <SimulatedMark simulated={call.through?.simulated ?? false} />
      </Group>
      <Facts>
        {call.target !== '' && <Target target={call.target} standing={open ? call.standing : 0} />}
        {through !== '' && (
          <>
            <dt>Through</dt>
            <dd>
              {call.through ? <Ref to={`connection:${call.through.id}`}>{through}</Ref> : <Untrusted text={through} />}
            </dd>
          </>
        )}
        {call.playbook !== null && (
          <>
            <dt>Runs</dt>
            <dd>
              <Ref to={`playbook:${call.playbook}`}>{call.playbook}</Ref>
            </dd>
          </>
        )}
        {end !== '' && (
          <>
            <dt>How long</dt>
            <dd>{end}</dd>
          </>
        )}
        <dt>With</dt>
        <dd>
          <JsonView value={call.input} open={2} label="arguments" />
        </dd>
      </Facts>
    </li>
  );
}

/** Exactly what an approval lets happen: nothing else can, whatever the playbook says later. */
export function CoveredCalls({ covers, status }: Pick<Matter, 'covers' | 'status'>) {
  return (
    <Panel
      title={coversTitle(status)}
      tools={
        <Text size="xs" c="dimmed" fw={400}>
          {reachWords(covers)}
        </Text>
      }
      flush
    >
      <ul className={styles.list}>
        {covers.map((call) => (
          <Call
            key={JSON.stringify([call.address, call.connection, call.input])}
            call={call}
            open={status === 'open'}
          />
        ))}
      </ul>
    </Panel>
  );
}
