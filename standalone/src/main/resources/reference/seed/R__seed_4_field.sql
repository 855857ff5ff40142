-- Sample data of field activities: 6 municipalities, 18 devices, 150 activities, 60 pieces of evidence,
-- 18 reports. Activity 123 is an inspection in progress in municipality 3.

set local time zone 'UTC';

insert into field.municipalities (id, code, name, population, area_km2, boundary)
values
  (1, 'ALT01', 'Alta Vega', 48210, 212.4, '{"type": "Polygon", "coordinates": [[[-74.1, 4.6], [-74.0, 4.6], [-74.0, 4.7], [-74.1, 4.6]]]}'),
  (2, 'BAH02', 'Bahía Clara', 129004, 87.05, null),
  (3, 'CER03', 'Cerro Lindo', 9871, 431, null),
  (4, 'DOS04', 'Dos Ríos', 23455, 96.75, null),
  (5, 'EST05', 'Estancia', 5120, 640.125, null),
  (6, 'FAR06', 'Faro Viejo', 77300, null, null)
on conflict do nothing;

insert into field.devices
  (id, municipality_id, label, worker, push_tokens, app_version, last_ip, last_seen_at, active)
select
  md5('device ' || i)::uuid,
  1 + (i - 1) % 6,
  'tablet-' || lpad(i::text, 3, '0'),
  (array['Nora Gil', 'Óscar Peña', 'Pilar Soto', 'Quim Serra', 'Rita Lobo', 'Saúl Mora'])[1 + (i - 1) / 3],
  case when i % 4 = 0 then '{}' else array['fcm:' || md5('token ' || i)] end,
  (array['3.2.0', '3.2.1', '3.1.9'])[1 + i % 3],
  (case when i % 2 = 0 then '198.51.100.' || i else '2001:db8::' || i end)::inet,
  case when i <> 18 then timestamptz '2026-01-20 16:00:00+00' - i * interval '3 hours 11 minutes' end,
  i <> 18
from generate_series(1, 18) as i
on conflict do nothing;

insert into field.activities
  (id, municipality_id, device_id, kind, title, status, planned_for, started_at, finished_at,
   latitude, longitude, visits, tags, details, supplies, notes, created_at, updated_at)
select
  i,
  municipality_id,
  case when i % 10 <> 0 then md5('device ' || municipality_id + i % 3 * 6)::uuid end,
  kind,
  case kind
    when 'INSPECTION' then 'Inspect the water tanks of block ' || 1 + i % 40
    when 'VACCINATION' then 'Vaccination day at school ' || 1 + i % 12
    when 'FUMIGATION' then 'Fumigate sector ' || chr(65 + i % 20)
    when 'SAMPLING' then 'Take larvae samples at point ' || 100 + i
    else 'Train the volunteers of district ' || 1 + i % 9
  end,
  status,
  planned_for,
  case when status in ('IN_PROGRESS', 'DONE') then planned_for + time '08:15' end,
  case when status = 'DONE' then planned_for + time '08:15' + i % 7 * interval '40 minutes' end,
  case when i % 8 <> 0 then 4.5 + i * 0.001237 end,
  case when i % 8 <> 0 then -74.25 + i * 0.000911 end,
  case when status = 'PENDING' then 0 else 3 + i % 25 end,
  (array['{dengue}', '{dengue,priority}', '{}', '{school}']::text[])[1 + i % 4]::text[],
  jsonb_build_object(
    'households', jsonb_build_object('planned', 10 + i % 30, 'reached', case when status = 'DONE' then 9 + i % 30 else 0 end),
    'findings', case when i % 3 = 0 then '["standing water"]'::jsonb else '[]' end,
    'ph', 6.50 + i % 10 * 0.05),
  case when kind in ('FUMIGATION', 'VACCINATION')
    then jsonb_build_array(
      jsonb_build_object('sku', 'GLOVES', 'count', 2 + i % 6),
      jsonb_build_object('sku', case when kind = 'FUMIGATION' then 'PERMETHRIN' else 'DOSE' end, 'count', 1 + i % 40))
    else '[]' end,
  case when i % 11 = 0 then 'Gate is closed until noon' end,
  planned_for - interval '12 days' + interval '10 hours',
  planned_for + interval '9 hours'
from
  generate_series(1, 150) as i,
  lateral (
    select
      1 + (i - 1) % 6,
      (array['INSPECTION', 'VACCINATION', 'FUMIGATION', 'SAMPLING', 'TRAINING'])[1 + (i - 123 + 150) % 5]::field.activity_kind,
      case when i < 100 then (array['DONE', 'DONE', 'DONE', 'CANCELLED'])[1 + i % 4]
           when i < 125 then 'IN_PROGRESS' else 'PENDING' end::field.activity_status,
      date '2026-01-01' + (i / 7)::integer
  ) as plan (municipality_id, kind, status, planned_for)
on conflict do nothing;

insert into field.evidence
  (id, activity_id, municipality_id, file_name, media_type, bytes, sha256, thumbnail, taken_at, deleted_at)
select
  md5('evidence ' || i)::uuid,
  activity.id,
  activity.municipality_id,
  'IMG_' || lpad(i::text, 4, '0') || case when i % 9 = 0 then '.mp4' else '.jpg' end,
  case when i % 9 = 0 then 'video/mp4' else 'image/jpeg' end,
  case when i = 60 then 5368709120 else 180000 + i * 4099 end,
  sha256(convert_to('evidence ' || i, 'UTF8')),
  case when i % 9 <> 0 then '\xffd8ffe000104a464946'::bytea || decode(md5('thumbnail ' || i), 'hex') end,
  activity.started_at + interval '12 minutes 3.25 seconds',
  case when i % 20 = 0 then timestamptz '2026-01-18 00:00:00+00' end
from
  generate_series(1, 60) as i
  join field.activities as activity on activity.id = 2 * i + 3
on conflict do nothing;

insert into field.reports
  (id, municipality_id, code, period, state, totals, by_weekday, document, requested_at, ready_at)
select
  i,
  1 + (i - 1) % 6,
  'EVD01',
  daterange(date '2026-01-01' + week * 7, date '2026-01-08' + week * 7),
  (array['ARCHIVED', 'READY', 'REQUESTED'])[1 + week]::field.report_state,
  case when week < 2 then jsonb_build_object('activities', 7 + i, 'coverage', 0.50 + i * 0.01) end,
  case when week < 2 then array[i, 2, 3, i % 4, 5, 0, 0] end,
  case when week < 2 then convert_to('%PDF-1.7 EVD01 ' || i, 'UTF8') end,
  timestamptz '2026-01-08 06:00:00+00' + week * interval '7 days',
  case when week < 2 then timestamptz '2026-01-08 06:02:11.4+00' + week * interval '7 days' end
from
  generate_series(1, 18) as i,
  lateral (select (i - 1) / 6) as time (week)
on conflict do nothing;
