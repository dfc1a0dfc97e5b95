import { Group, Stack, Text } from '@mantine/core';
import styles from './agreement-chart.module.css';
import { type Agreement, agreementPercent, askedParts, type BarPart, observedParts } from './reaction-rows.ts';

function Bar({ label, parts }: { readonly label: string; readonly parts: readonly BarPart[] }) {
  if (parts.length === 0) return null;
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}, {total.toLocaleString('en')} times
      </Text>
      <div className={styles.bar} aria-hidden>
        {parts.map(({ words, count, tone }) => (
          <span key={words} className={styles.part} data-tone={tone} style={{ flexGrow: count }} />
        ))}
      </div>
      <Group gap="md">
        {parts.map(({ words, count, tone }) => (
          <span key={words} className={styles.key}>
            <span className={styles.dot} data-tone={tone} aria-hidden />
            {count.toLocaleString('en')} {words}
          </span>
        ))}
      </Group>
    </div>
  );
}

/** How far people agree with a reaction, version by version: what it observed and what it asked. */
export function AgreementChart({ agreement }: { readonly agreement: readonly Agreement[] }) {
  const known = agreement.filter((one) => observedParts(one).length + askedParts(one).length > 0);
  if (known.length === 0) {
    return (
      <Text size="sm">Nothing yet: it has neither observed nor asked. What it does in mode act is in its runs.</Text>
    );
  }
  return (
    <Stack gap="md">
      {known.map((one) => {
        const percent = agreementPercent(one);
        return (
          <Stack key={one.version} gap={6}>
            <Text size="sm" fw={600}>
              Version {one.number}
              {percent === undefined ? ': nothing is settled yet' : `: people agreed in ${percent} of 100 cases`}
            </Text>
            <Bar label="Observed" parts={observedParts(one)} />
            <Bar label="Asked" parts={askedParts(one)} />
          </Stack>
        );
      })}
    </Stack>
  );
}
