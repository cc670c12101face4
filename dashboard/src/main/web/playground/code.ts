import type { Language } from '../parts/code.ts';

/** A chat as a program would ask for it, through OpenAI's own clients. */
export function chatCode(language: Language, request: Record<string, unknown>): string {
  const base = location.origin + '/v1';
  const json = JSON.stringify(request, null, 2);
  switch (language) {
    case 'curl':
      return `curl ${base}/chat/completions \\\n  -H "Authorization: Bearer $OPENAI_API_KEY" \\\n  -H "Content-Type: application/json" \\\n  -d '${json.replaceAll("'", "'\\''")}'`;
    case 'Python':
      return `from openai import OpenAI\n\nclient = OpenAI(base_url="${base}")\nanswer = client.chat.completions.create(\n${Object.entries(request)
        .map(([name, value]) => `    ${name}=${JSON.stringify(value, null, 2).replaceAll('\n', '\n    ')},`)
        .join('\n')}\n)\nprint(answer.choices[0].message.content)`;
    case 'Node':
      return `import OpenAI from "openai";\n\nconst client = new OpenAI({ baseURL: "${base}" });\nconst answer = await client.chat.completions.create(${json});\nconsole.log(answer.choices[0].message.content);`;
    case 'Java':
      return java(base, request);
  }
}

const SETTERS: Record<string, (value: unknown) => string> = {
  temperature: (value) => `temperature(${decimal(value)})`,
  top_p: (value) => `topP(${decimal(value)})`,
  max_completion_tokens: (value) => `maxCompletionTokens(${String(value)})`,
  seed: (value) => `seed(${String(value)}L)`,
  frequency_penalty: (value) => `frequencyPenalty(${decimal(value)})`,
  presence_penalty: (value) => `presencePenalty(${decimal(value)})`,
  stop: (value) => `stop(${JSON.stringify(value)})`,
};

const ROLES: Record<string, string> = { system: 'addSystemMessage', user: 'addUserMessage', assistant: 'addAssistantMessage' };

function java(base: string, request: Record<string, unknown>): string {
  const messages = request.messages as { role: string; content: string }[];
  const calls = [
    `model(${JSON.stringify(request.model)})`,
    ...messages.map(({ role, content }) => `${ROLES[role] ?? 'addUserMessage'}(${JSON.stringify(content)})`),
    ...Object.entries(SETTERS).filter(([name]) => name in request).map(([name, setter]) => setter(request[name])),
  ];
  return `OpenAIClient client = OpenAIOkHttpClient.builder().fromEnv().baseUrl("${base}").build();
ChatCompletion answer =
    client.chat().completions().create(
        ChatCompletionCreateParams.builder()
${calls.map((call) => `            .${call}\n`).join('')}            .build());
System.out.println(answer.choices().get(0).message().content().orElse(""));`;
}

const decimal = (value: unknown): string => (Number.isInteger(value) ? `${String(value)}.0` : String(value));
