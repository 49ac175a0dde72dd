/** One field of the wizard's form, as an env template describes it. */

export const fieldTypes = [
  'text',
  'url',
  'bind-address',
  'host',
  'image',
  'image-tag',
  'token',
  'path',
  'port',
  'duration',
  'retention',
  'integer',
  'number',
  'choice',
  'boolean',
  'time-zone',
  'latitude',
  'longitude',
] as const;
export type FieldType = (typeof fieldTypes)[number];

export type TemplateField = {
  readonly key: string;
  /** The heading it stands under in the template. */
  readonly section: string;
  /** Short name for people, for example `Home Assistant address`. */
  readonly label: string;
  /** The comment above it, without `#`, one string a line. */
  readonly help: readonly string[];
  readonly type: FieldType;
  /** The template's value; empty when it has none. */
  readonly defaultValue: string;
  /** One value for both modes, or one per mode. */
  readonly scope: 'shared' | 'mode';
  readonly isRequired: boolean;
  readonly isSecret: boolean;
  /** This program makes the value: random for a secret, or told by the run (a token). The operator is never asked. */
  readonly isGenerated: boolean;
  readonly isAdvanced: boolean;
  /** The value is the mode's own and is not the operator's to change (`DEPLOYMENT_MODE`, bucket names). */
  readonly isFixed: boolean;
  /** A harmless value that only lets a service start; said so on the screen. */
  readonly isPlaceholder: boolean;
  readonly choices: readonly string[];
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  /** The key whose value this one follows (`deriveKeys`); such a field is fixed. */
  readonly derivedFrom?: string;
};

/** Where the value of a field comes from. */
export type ValueOrigin =
  | 'current'
  | 'default'
  | 'generated'
  | 'machine'
  | 'answer'
  | 'stand-in'
  | 'run'
  | 'none';
