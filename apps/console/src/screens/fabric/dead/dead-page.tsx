import { SegmentedControl } from '@mantine/core';
import { useApi, useApiPages } from '../../../app/use-api.ts';
import { oneOf, text } from '../../../ui/url-fields.ts';
import { useUrlState } from '../../../ui/url-state.ts';
import { FabricPage } from '../parts/fabric-page.tsx';
import { HeldTable } from '../reactions/held-table.tsx';
import { Consumers } from './consumers.tsx';
import { DeadDrawer } from './dead-drawer.tsx';
import styles from './dead-page.module.css';
import { DeliveryTable } from './delivery-table.tsx';

const search = {
  show: oneOf(['dead', 'retry', 'behind', 'held', 'consumers'], 'dead'),
  consumer: text(''),
  /** The delivery that is open. */
  at: text(''),
};

const SHOWN = [
  { value: 'dead', label: 'Dead' },
  { value: 'retry', label: 'Retrying' },
  { value: 'behind', label: 'Waiting behind' },
  { value: 'held', label: 'Held' },
  { value: 'consumers', label: 'Consumers' },
];

const ABOUT = {
  dead: 'Events that a consumer has failed at too often, mostly ten times. They are kept with the reason, and no longer in the way of others.',
  retry: 'Events that a consumer failed at. They are tried again by themselves, with growing pauses.',
  behind: 'Events that wait because an earlier one about the same subject is tried again: order is kept.',
  held: 'Events that reactions hold: more came than their rate allows, a storm breaker is open, or people are asked.',
  consumers: 'How far everybody who takes events from the log has come.',
} as const;

function Held() {
  const { items, query } = useApiPages('listReactionEvents', { query: { outcome: 'held' } });
  return <HeldTable rows={items} query={query} />;
}

/** What did not go through: dead letters, what is tried again, what is held, and how far consumers are behind. */
export function DeadPage() {
  const [state, change] = useUrlState(search);
  const { show, consumer, at } = state;
  const standings = useApi('listConsumers', {}, { every: 10_000 });
  return (
    <FabricPage title="Dead letters" about={ABOUT[show]} fill>
      <div className={styles.shown}>
        <SegmentedControl
          size="xs"
          aria-label="What is shown"
          value={show}
          onChange={(next) => change({ show: next as typeof show, at: '' })}
          data={SHOWN}
        />
      </div>
      {show === 'held' && <Held />}
      {show === 'consumers' && <Consumers standings={standings} />}
      {(show === 'dead' || show === 'retry' || show === 'behind') && (
        <DeliveryTable
          state={show}
          consumer={consumer}
          standings={standings.data?.items ?? []}
          onConsumer={(name) => change({ consumer: name })}
          current={at}
          onOpen={(id) => change({ at: id })}
        />
      )}
      <DeadDrawer id={at} onClose={() => change({ at: '' })} />
    </FabricPage>
  );
}
