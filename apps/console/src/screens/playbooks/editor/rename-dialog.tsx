import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';

interface Props {
  /** Id of the step; undefined: closed. */
  readonly name: string | undefined;
  readonly onClose: () => void;
  readonly onRename: (name: string) => void;
}

const VALID = /^[a-z][a-z0-9_]{0,63}$/;

/** Asks for a new id of a step. */
export function RenameDialog({ name, onClose, onRename }: Props) {
  return (
    <Modal opened={name !== undefined} onClose={onClose} title="Rename the step" size="sm" centered>
      {name !== undefined && <Form name={name} onClose={onClose} onRename={onRename} />}
    </Modal>
  );
}

function Form({ name, onClose, onRename }: Props & { readonly name: string }) {
  const [value, setValue] = useState(name);
  const error = VALID.test(value) ? undefined : 'Lower-case letters, digits and _, beginning with a letter';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (error) return;
        onClose();
        if (value !== name) onRename(value);
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Id"
          value={value}
          error={error}
          maxLength={64}
          data-autofocus
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Text size="sm" c="dimmed">
          Every reference to it in this playbook follows.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={error !== undefined}>
            Rename
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
