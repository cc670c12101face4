import type { Integration, Job, Method } from '../core/types.ts';
import type { Language } from '../parts/code.ts';

/** The same job as a program would create it, through OpenAI's own clients. */
export function jobCode(job: Job, language: Language): string {
  const integrations = (job.integrations ?? []).map(plain);
  const request: Record<string, unknown> = {
    model: job.model,
    training_file: job.training_file,
    ...(job.validation_file && { validation_file: job.validation_file }),
    ...(job.user_provided_suffix && { suffix: job.user_provided_suffix }),
    seed: job.seed,
    method: asked(job),
    ...(integrations.length > 0 && { integrations }),
    ...(job.metadata && { metadata: job.metadata }),
  };
  const base = location.origin + '/v1';
  switch (language) {
    case 'curl':
      return `curl ${base}/fine_tuning/jobs \\\n  -H "Authorization: Bearer $OPENAI_API_KEY" \\\n  -H "Content-Type: application/json" \\\n  -d '${JSON.stringify(request, null, 2).replaceAll("'", "'\\''")}'`;
    case 'Python':
      return `from openai import OpenAI\n\nclient = OpenAI(base_url="${base}")\njob = client.fine_tuning.jobs.create(\n${Object.entries(request)
        .map(([name, value]) => `    ${name}=${python(value, 4)},`)
        .join('\n')}\n)\nprint(job.id)`;
    case 'Node':
      return `import OpenAI from "openai";\n\nconst client = new OpenAI({ baseURL: "${base}" });\nconst job = await client.fineTuning.jobs.create(${JSON.stringify(request, null, 2)});\nconsole.log(job.id);`;
    case 'Java':
      return java(request, job, base);
  }
}

/** The method as it was asked for, without what is null in the answer. */
function asked(job: Job): Method {
  const { type } = job.method;
  return { type, [type]: job.method[type] ?? { hyperparameters: job.hyperparameters } };
}

const plain = ({ type, wandb }: Integration): Integration => {
  if (!wandb) return { type };
  const { project, name, entity, tags } = wandb;
  return { type, wandb: { project, ...(name && { name }), ...(entity && { entity }), ...(tags?.length && { tags }) } };
};

const WIDTH = 80;

/** As JSON, with Python's three words of its own; a tree that is too wide for a line stands on several. */
function python(value: unknown, indent: number): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return JSON.stringify(value);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const parts = (deep: number): string[] =>
    Array.isArray(value) ? value.map((one) => python(one, deep)) : Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${python(one, deep)}`);
  const line = open + parts(indent).join(', ') + close;
  if (line.length + indent <= WIDTH && !line.includes('\n')) return line;
  const margin = ' '.repeat(indent);
  return `${open}\n${parts(indent + 4).map((part) => `${margin}    ${part},\n`).join('')}${margin}${close}`;
}

function java(request: Record<string, unknown>, job: Job, base: string): string {
  const { method } = request as { method: Method };
  const more = Object.entries(job.metadata ?? {});
  const outlets = (request.integrations as Integration[] | undefined) ?? [];
  const calls = [
    `.model(${quoted(job.model)})`,
    `.trainingFile(${quoted(job.training_file)})`,
    ...(job.validation_file ? [`.validationFile(${quoted(job.validation_file)})`] : []),
    ...(job.user_provided_suffix ? [`.suffix(${quoted(job.user_provided_suffix)})`] : []),
    `.seed(${job.seed})`,
    ...javaMethod(method),
    // What the client has no types for goes into the body as it is.
    ...(outlets.length ? [`.putAdditionalBodyProperty("integrations", JsonValue.from(${javaTree(outlets)}))`] : []),
    ...(more.length ? [`.metadata(JobCreateParams.Metadata.builder()${more.map(([name, value]) => `.putAdditionalProperty(${quoted(name)}, JsonValue.from(${quoted(value)}))`).join('')}.build())`] : []),
  ];
  const text = calls.join('\n            ');
  const imports = [
    'client.OpenAIClient', 'client.okhttp.OpenAIOkHttpClient',
    ...(text.includes('JsonValue') ? ['core.JsonValue'] : []),
    'models.finetuning.jobs.FineTuningJob', 'models.finetuning.jobs.JobCreateParams',
    ...(text.includes('SupervisedMethod') ? ['models.finetuning.methods.SupervisedHyperparameters', 'models.finetuning.methods.SupervisedMethod'] : []),
  ].map((name) => `import com.openai.${name};\n`);
  const tree = text.includes('List.of(') || text.includes('Map.ofEntries(') ? 'import java.util.List;\nimport java.util.Map;\n' : '';
  return `${imports.join('')}${tree}
OpenAIClient client = OpenAIOkHttpClient.builder().fromEnv().baseUrl(${quoted(base)}).build();
FineTuningJob job =
    client.fineTuning().jobs().create(
        JobCreateParams.builder()
            ${text}
            .build());
System.out.println(job.id());`;
}

const TYPED = ['n_epochs', 'batch_size', 'learning_rate_multiplier'];

function javaMethod(method: Method): string[] {
  const knobs = (method[method.type] as { hyperparameters?: Record<string, number | 'auto'> }).hyperparameters;
  // The client has no types for settings of ours.
  const typed = method.type === 'supervised' && knobs && Object.keys(knobs).every((name) => TYPED.includes(name));
  if (!typed) return [`.putAdditionalBodyProperty("method", JsonValue.from(${javaTree(method)}))`];
  const knob = (call: string, value: number | 'auto' | undefined, suffix = ''): string =>
    value === undefined ? '' : value === 'auto' ? `.${call}Auto()` : `.${call}(${value}${suffix})`;
  const rate = knobs.learning_rate_multiplier;
  return [
    `.method(JobCreateParams.Method.builder()
                .type(JobCreateParams.Method.Type.SUPERVISED)
                .supervised(SupervisedMethod.builder()
                    .hyperparameters(SupervisedHyperparameters.builder()
                        ${knob('nEpochs', knobs.n_epochs)}${knob('batchSize', knobs.batch_size)}${knob('learningRateMultiplier', rate, Number.isInteger(rate) ? '.0' : '')}
                        .build())
                    .build())
                .build())`,
  ];
}

/** A tree of JSON as Java builds it. */
function javaTree(value: unknown): string {
  if (Array.isArray(value)) return `List.of(${value.map(javaTree).join(', ')})`;
  if (typeof value === 'object' && value !== null) {
    return `Map.ofEntries(${Object.entries(value).filter(([, one]) => one !== null).map(([name, one]) => `Map.entry(${quoted(name)}, ${javaTree(one)})`).join(', ')})`;
  }
  return typeof value === 'string' ? quoted(value) : String(value);
}

/** JSON's escapes are Java's, too. */
const quoted = (text: string): string => JSON.stringify(text);
