// Node and ajv, as one would write it: assembly.py in JavaScript, every row checked by the schema.

import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import Ajv from "ajv/dist/2020.js";

const INSTRUCTION =
  "You are solving a deterministic reasoning challenge. Read the document carefully, answer the " +
  "questions, and construct a single artifact string satisfying all constraints.";
const CARRIED = [
  "record_id", "attempt_index", "acceptance_path", "trap_classification", "pass",
  "credit_eligible", "constraint_pass_count", "constraint_fail_count", "coarse_progress_bucket",
];
const ALSO_CARRIED = [
  "trace_spatial_summary", "error_annotation", "time_since_previous_attempt_ms",
  "feedback_shown", "constraint_flip_summary", "retry_metadata", "timestamp",
];

const pick = (from, names) => Object.fromEntries(names.map((name) => [name, from[name] ?? null]));
const value = (of) => (typeof of === "string" ? of : JSON.stringify(of));
const mayBeChosen = (record) =>
  record.pass && record.credit_eligible !== false && record.acceptance_path !== "A";

function* pairsOf(session) {
  const byIndex = new Map(session.map((record) => [record.attempt_index, record]));
  for (const chosen of session) {
    const rejected = byIndex.get(chosen.attempt_index - 1);
    if (rejected && mayBeChosen(chosen) && !mayBeChosen(rejected)) yield [rejected, chosen];
  }
}

function stepText(step) {
  if (step.action === "extract_fact") {
    const { quote_match: tier, semantic_zone: zone } = step.coordinator_provenance;
    const fact = [step.targetEntity, step.attribute, value(step.valueExtracted), step.source];
    return `> extract: ${fact.join(" | ")} | ${tier.toLowerCase()} | zone:${zone}`;
  }
  if (step.action === "compute_logic") {
    const inputs = step.inputs.map(value).join(",");
    return `> compute: ${step.operation} | inputs=[${inputs}] | result=${value(step.result)}`;
  }
  return `> ${step.action}: ${step.note}`;
}

function prompt({ document, questions, constraints }) {
  return [
    INSTRUCTION, "", "=== DOCUMENT ===", document, "",
    "=== QUESTIONS ===", ...questions.map((text, index) => `Q${index + 1}: ${text}`), "",
    "=== CONSTRAINTS ===", ...constraints.map((text, index) => `${index + 1}. ${text}`), "",
  ].join("\n");
}

function split(document) {
  const digest = crypto.createHash("sha256").update(document).digest();
  const share = Number(digest.readBigUInt64BE()) / 2 ** 64;
  return share < 0.9 ? "train" : share < 0.95 ? "validation" : "test";
}

function metadataOf(record) {
  const metadata = {
    ...pick(record, CARRIED),
    model: record.submission.model,
    trace_stats: record.trace_stats,
    trace_validation: pick(record.trace_validation, [
      "ok", "citation_match_rate", "programmatic_score",
    ]),
    ...pick(record, ALSO_CARRIED),
    trace_quality: record.trace_quality,
    reasoning_depth: record.reasoning_depth,
    answer_verification: pick(record.answer_verification, [
      "correct", "total", "required", "passed_threshold",
    ]),
  };
  if (metadata.constraint_flip_summary === null) delete metadata.constraint_flip_summary;
  return metadata;
}

function basis(before, after) {
  if (after.constraint_pass_count > before.constraint_pass_count) return "constraint_count_increase";
  if (before.pass && before.acceptance_path === "A") return "acceptance_path_upgrade";
  if (!before.answer_verification.passed_threshold) return "answer_threshold_met";
  return before.trace_validation.ok ? "acceptance" : "trace_validation_recovered";
}

function annotations(rejected, chosen, before, after) {
  const flips = { flipped_to_pass: [], flipped_to_fail: [], stayed_pass: [], stayed_fail: [] };
  chosen.challenge_context.constraints.forEach((_, index) => {
    const was = !rejected.constraints_failed.includes(index);
    const now = !chosen.constraints_failed.includes(index);
    flips[`${was === now ? "stayed" : "flipped_to"}_${now ? "pass" : "fail"}`].push(index);
  });
  const grown = (name) => after.trace_stats[name] - before.trace_stats[name];
  const rates = [before, after].map((side) => side.trace_validation.citation_match_rate);
  const moved = (name) => `${before[name]} -> ${after[name]}`;
  return {
    pair_family: "session",
    pair_type: "sequential",
    rejected_attempt_index: rejected.attempt_index,
    chosen_attempt_index: chosen.attempt_index,
    constraint_pass_delta: after.constraint_pass_count - before.constraint_pass_count,
    constraint_total: chosen.constraint_total,
    feedback_between_attempts: chosen.feedback_shown,
    constraint_flips: flips,
    revision_time_ms: chosen.attempt_submitted_at - rejected.attempt_submitted_at,
    trace_shape_delta: {
      total_steps: grown("total_steps"),
      extract_steps: grown("extract_fact_steps"),
      compute_steps: grown("compute_logic_steps"),
      citation_rate_delta: Math.round((rates[1] - rates[0]) * 1e6) / 1e6,
    },
    acceptance_path_transition: moved("acceptance_path"),
    trap_classification_transition: moved("trap_classification"),
    same_input_verified: true,
    improvement_basis: basis(before, after),
    derived_from_observed_data_only: true,
  };
}

function rowOf(rejected, chosen, session) {
  const { challenge_context: context, challenge_domain: domain, trap_metadata: traps } = chosen;
  const row = {
    example_type: "session_revision_pair_sequential",
    storage_schema_version: "hf_export/v1",
    dataset_namespace: chosen.dataset_namespace,
    split: split(context.document),
    challenge_id: chosen.challenge_id,
    challenge_seed: chosen.challenge_seed,
    challenge_domain: domain,
    document: context.document,
    questions: context.questions,
    constraints: context.constraints,
    trap_metadata: traps,
    prompt: prompt(context),
    prompt_metadata: {
      paragraph_count: context.paragraph_count,
      question_count: context.questions.length,
      constraint_count: chosen.constraint_total,
      trap_count: traps.trap_count,
      challenge_domain: domain,
    },
  };
  for (const [side, record] of Object.entries({ rejected, chosen })) {
    const { artifact, reasoning_trace: trace } = record.submission;
    const think = trace.map(stepText).join("\n");
    row[side] = { think, artifact };
    row[`${side}_text`] = `<think>\n${think}\n</think>\nArtifact: "${artifact}"`;
    row[`${side}_metadata`] = metadataOf(record);
  }
  row.pair_annotations = annotations(
    rejected, chosen, row.rejected_metadata, row.chosen_metadata,
  );
  const last = session.reduce((a, b) => (b.attempt_index > a.attempt_index ? b : a));
  row.metadata = {
    miner_id: chosen.miner_id,
    model: chosen.submission.model,
    session_attempts_total: session.length,
    session_final_status: last.session_status,
  };
  return row;
}

const [logs, out, schema] = process.argv.slice(2);
const validate = new Ajv({ strict: false, logger: false }).compile(JSON.parse(fs.readFileSync(schema, "utf8")));
const sessions = new Map();
for (const name of fs.readdirSync(logs).filter((name) => name.endsWith(".jsonl")).sort()) {
  const lines = readline.createInterface({ input: fs.createReadStream(path.join(logs, name)) });
  for await (const line of lines) {
    const record = JSON.parse(line);
    const key = `${record.challenge_id} ${record.miner_id}`;
    if (!sessions.has(key)) sessions.set(key, []);
    sessions.get(key).push(record);
  }
}
const file = fs.openSync(out, "w");
for (const session of sessions.values()) {
  for (const [rejected, chosen] of pairsOf(session)) {
    const row = rowOf(rejected, chosen, session);
    if (!validate(row)) throw new Error(JSON.stringify(validate.errors[0]));
    fs.writeSync(file, `${JSON.stringify(row)}\n`);
  }
}
