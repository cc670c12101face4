import type { Job } from '../core/types.ts';
import type { Language } from '../parts/code.ts';

/** The same job as a program would create it, through OpenAI's own clients. */
export function jobCode(job: Job, language: Language): string {
  const request: Record<string, unknown> = { model: job.model, training_file: job.training_file };
  if (job.validation_file) request.validation_file = job.validation_file;
  if (job.user_provided_suffix) request.suffix = job.user_provided_suffix;
  request.seed = job.seed;
  request.method = { type: 'supervised', supervised: { hyperparameters: job.hyperparameters } };
  if (job.metadata) request.metadata = job.metadata;
  const base = location.origin + '/v1';
  switch (language) {
    case 'curl':
      return `curl ${base}/fine_tuning/jobs \\\n  -H "Authorization: Bearer $OPENAI_API_KEY" \\\n  -H "Content-Type: application/json" \\\n  -d '${JSON.stringify(request, null, 2).replaceAll("'", "'\\''")}'`;
    case 'Python':
      return `from openai import OpenAI\n\nclient = OpenAI(base_url="${base}")\njob = client.fine_tuning.jobs.create(\n${Object.entries(request)
        .map(([name, value]) => `    ${name}=${JSON.stringify(value)},`)
        .join('\n')}\n)\nprint(job.id)`;
    case 'Node':
      return `import OpenAI from "openai";\n\nconst client = new OpenAI({ baseURL: "${base}" });\nconst job = await client.fineTuning.jobs.create(${JSON.stringify(request, null, 2)});\nconsole.log(job.id);`;
    case 'Java':
      return java(job, base);
  }
}

function java(job: Job, base: string): string {
  const more = [
    job.validation_file ? `            .validationFile(${JSON.stringify(job.validation_file)})\n` : '',
    job.user_provided_suffix ? `            .suffix(${JSON.stringify(job.user_provided_suffix)})\n` : '',
  ].join('');
  return `OpenAIClient client = OpenAIOkHttpClient.builder().fromEnv().baseUrl("${base}").build();
FineTuningJob job =
    client.fineTuning().jobs().create(
        JobCreateParams.builder()
            .model(${JSON.stringify(job.model)})
            .trainingFile(${JSON.stringify(job.training_file)})
${more}            .seed(${job.seed})
            .build());
System.out.println(job.id());`;
}
