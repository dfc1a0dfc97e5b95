import {
  Group,
  JsonInput,
  MultiSelect,
  NumberInput,
  PasswordInput,
  Select,
  Stack,
  Switch,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type FormField, type FormValues, fromLocalMoment, toLocalMoment } from './schema-fields.ts';
import { plainText } from './untrusted-text.ts';

interface SchemaFormProps {
  readonly fields: readonly FormField[];
  readonly values: FormValues;
  readonly onChange: (values: FormValues) => void;
  /** By field; shown below it. */
  readonly problems?: Readonly<Record<string, string>>;
  /** Secret fields that are set already: they may stay blank. */
  readonly kept?: readonly string[];
  readonly disabled?: boolean;
}

interface InputProps {
  readonly field: FormField;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly error: string | undefined;
  readonly kept: boolean;
  readonly disabled: boolean;
}

function commonOf({ field, error, disabled, kept }: InputProps) {
  return {
    label: plainText(field.label, 120),
    description: plainText(field.description, 400) || undefined,
    withAsterisk: field.required && !kept,
    error,
    disabled,
    'data-field': field.name,
  };
}

function SecretInput(props: InputProps) {
  const { value, onChange, kept } = props;
  return (
    <PasswordInput
      {...commonOf(props)}
      leftSection={<IconLock size={16} aria-hidden />}
      placeholder={kept ? 'Set. Leave blank to keep it' : ''}
      autoComplete="new-password"
      value={String(value ?? '')}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function NumberField(props: InputProps) {
  const { field, value, onChange } = props;
  return (
    <NumberInput
      {...commonOf(props)}
      value={typeof value === 'number' ? value : ''}
      onChange={(next) => onChange(next === '' ? undefined : Number(next))}
      allowDecimal={field.kind === 'number'}
      {...(field.min === undefined ? {} : { min: field.min })}
      {...(field.max === undefined ? {} : { max: field.max })}
      clampBehavior="none"
    />
  );
}

function ChoiceField(props: InputProps) {
  const { field, value, onChange } = props;
  const parse = (text: string) => JSON.parse(text) as unknown;
  if (field.kind === 'choices') {
    return (
      <MultiSelect
        {...commonOf(props)}
        data={[...field.options]}
        value={Array.isArray(value) ? value.map((one) => JSON.stringify(one)) : []}
        onChange={(next) => onChange(next.map(parse))}
      />
    );
  }
  return (
    <Select
      {...commonOf(props)}
      data={[...field.options]}
      value={value === undefined ? null : JSON.stringify(value)}
      onChange={(next) => onChange(next === null ? undefined : parse(next))}
      clearable={!field.required}
      clearButtonProps={{ 'aria-label': `Clear ${field.label}` }}
    />
  );
}

function TextField(props: InputProps) {
  const { field, value, onChange } = props;
  const text = String(value ?? '');
  if (field.kind === 'long') {
    return (
      <Textarea
        {...commonOf(props)}
        autosize
        minRows={3}
        maxRows={10}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  return (
    <TextInput
      {...commonOf(props)}
      {...(field.format === 'uri' ? { inputMode: 'url' as const, placeholder: 'https://' } : {})}
      autoComplete="off"
      spellCheck={false}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function MomentField(props: InputProps) {
  return (
    <TextInput
      {...commonOf(props)}
      type="datetime-local"
      value={toLocalMoment(String(props.value ?? ''))}
      onChange={(event) => props.onChange(fromLocalMoment(event.currentTarget.value))}
    />
  );
}

function JsonField(props: InputProps) {
  return (
    <JsonInput
      {...commonOf(props)}
      placeholder="JSON"
      autosize
      minRows={2}
      maxRows={12}
      formatOnBlur
      value={String(props.value ?? '')}
      onChange={props.onChange}
    />
  );
}

function FieldInput(props: InputProps): ReactNode {
  const { field, value, onChange } = props;
  if (field.secret) return <SecretInput {...props} />;
  switch (field.kind) {
    case 'number':
    case 'integer':
      return <NumberField {...props} />;
    case 'switch': {
      const { withAsterisk: _required, ...common } = commonOf(props);
      return (
        <Switch {...common} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
      );
    }
    case 'choice':
    case 'choices':
      return <ChoiceField {...props} />;
    case 'list':
      return (
        <TagsInput
          {...commonOf(props)}
          placeholder="Type one, then Enter"
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={onChange}
        />
      );
    case 'json':
      return <JsonField {...props} />;
    default:
      return field.format === 'date-time' ? <MomentField {...props} /> : <TextField {...props} />;
  }
}

/** The fields of a JSON Schema as a form on one column; usable on a phone. Checks nothing by itself. */
export function SchemaForm({ fields, values, onChange, problems = {}, kept = [], disabled = false }: SchemaFormProps) {
  if (fields.length === 0) {
    return (
      <Group>
        <Text size="sm" c="dimmed">
          There is nothing to enter.
        </Text>
      </Group>
    );
  }
  return (
    <Stack gap="sm">
      {fields.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          value={values[field.name]}
          onChange={(value) => onChange({ ...values, [field.name]: value })}
          error={problems[field.name]}
          kept={kept.includes(field.name)}
          disabled={disabled}
        />
      ))}
    </Stack>
  );
}
