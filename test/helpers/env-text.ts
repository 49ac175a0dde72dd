import { parseEnv } from '../../src/core/env/parse.ts';
import { serialiseEnv } from '../../src/core/env/serialise.ts';
import { documentValues, type EnvValues, setValues } from '../../src/core/env/values.ts';

/** The values of an env file's text, as Compose reads them. */
export const valuesOfText = (text: string): EnvValues => documentValues(parseEnv(text));

/** The text as an operator would leave it who changed these keys. */
export const setValuesInText = (text: string, values: EnvValues): string =>
  serialiseEnv(setValues(parseEnv(text), values));
