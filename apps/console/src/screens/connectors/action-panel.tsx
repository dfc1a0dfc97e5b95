import { Accordion, Button, Group, List, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { EffectBadge } from '../../ui/badges.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { type Action, type Manifest, sentencesOf } from './manifest.ts';
import { SchemaTable } from './schema-table.tsx';
import { TryAction } from './try-action.tsx';

function ActionBody({ action, onTry }: { readonly action: Action; readonly onTry: (() => void) | undefined }) {
  const sentences = sentencesOf(action);
  return (
    <Stack gap="sm">
      <Text size="sm">
        <Untrusted text={action.description || action.title} longest={600} />
      </Text>
      {sentences.length > 0 && (
        <List size="sm" spacing={2}>
          {sentences.map((sentence) => (
            <List.Item key={sentence}>
              <Untrusted text={sentence} longest={300} />
            </List.Item>
          ))}
        </List>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <div>
          <Text size="xs" fw={600} c="dimmed" mb={4}>
            Takes
          </Text>
          <SchemaTable schema={action.input} none="Nothing." label={`What ${action.name} takes`} />
        </div>
        <div>
          <Text size="xs" fw={600} c="dimmed" mb={4}>
            Gives
          </Text>
          <SchemaTable
            schema={action.output}
            none="Whatever the product answers."
            label={`What ${action.name} gives`}
          />
        </div>
      </SimpleGrid>
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          Time-out {action.timeout}
          {action.errors.length > 0 ? ` · ends with errors such as ${action.errors.join(', ')}` : ''}
        </Text>
        {onTry && (
          <Button size="compact-sm" variant="light" leftSection={<IconPlayerPlay size={14} />} onClick={onTry}>
            Try it
          </Button>
        )}
      </Group>
    </Stack>
  );
}

interface ActionsProps {
  readonly manifest: Manifest;
  /** Ids of the enabled connections that it can be tried through; undefined where none is needed. */
  readonly through: readonly string[] | undefined;
  readonly builtin: boolean;
}

/** The actions of a connector in human words, each to be tried. */
export function Actions({ manifest, through, builtin }: ActionsProps) {
  const [tried, setTried] = useState<Action>();
  const usable = builtin || (through?.length ?? 0) > 0;
  return (
    <>
      <Accordion multiple variant="separated" chevronPosition="left">
        {manifest.actions.map((action) => (
          <Accordion.Item key={action.name} value={action.name}>
            <Accordion.Control>
              <Group gap="xs" wrap="wrap">
                <Text size="sm" fw={600}>
                  <Untrusted text={action.title} line longest={100} />
                </Text>
                <Text size="xs" c="dimmed" ff="monospace">
                  <Untrusted text={action.name} line longest={60} />
                </Text>
                <EffectBadge effect={action.effect} />
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              <ActionBody action={action} onTry={usable ? () => setTried(action) : undefined} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      {tried && (
        <TryAction
          connector={manifest.id}
          action={tried}
          connections={builtin ? undefined : (through ?? [])}
          onClose={() => setTried(undefined)}
        />
      )}
    </>
  );
}
