"""Every sentence of the workflow that says only, never, at once, until or needs, and the tests that hold it."""

from typing import Final, NamedTuple


class Sentence(NamedTuple):
    """`part`: of the workflow; `says`: the sentence in few words; `tests`: file and function, below the folder of tests."""

    part: str
    says: str
    tests: tuple[str, ...]


SENTENCES: Final = (
    Sentence(
        "general",
        "no other place than the tables changes a state",
        (
            "architecture/test_habits.py::test_a_state_is_changed_where_the_machines_are_carried_out_and_nowhere_else",
        ),
    ),
    Sentence(
        "general",
        "every move is one transaction",
        (
            "faults/test_killed_server.py::test_an_api_killed_twice_keeps_every_write_it_acknowledged",
            "faults/test_conflicting_moves.py::test_of_three_hundred_conflicting_moves_each_version_has_one_winner",
        ),
    ),
    Sentence(
        "general",
        "a refusal lists all that is unmet with its articles, never only the first",
        (
            "journeys/test_a_boy_found_begging.py::test_work_for_a_boy_of_twelve_is_refused_with_everything_that_stands_against_it",
        ),
    ),
    Sentence(
        "report",
        "it belongs at once to the police duty unit where the person is",
        (
            "api/reports/test_duty.py::test_an_ordinary_report_lies_with_the_police_there_and_with_nobody_else",
        ),
    ),
    Sentence(
        "report",
        "in an emergency both duty units have it; case, investigation and guardianship open on receipt",
        (
            "api/reports/test_duty.py::test_an_emergency_lies_with_police_and_civil_affairs_together_and_is_answered_in_fifteen_minutes",
            "api/reports/test_duty.py::test_case_investigation_and_a_minors_guardianship_open_on_receipt_without_screening",
        ),
    ),
    Sentence(
        "report",
        "unanswered, it goes to the level above, up to the corps, day and night",
        (
            "services/clocks/test_ladders_are_climbed.py::test_a_report_that_nobody_answers_goes_up_level_by_level_which_may_then_act",
            "api/reports/test_duty.py::test_the_level_above_acts_once_nobody_answered_and_its_right_ends_with_the_answer",
        ),
    ),
    Sentence(
        "report",
        "no report may end unanswered",
        (
            "api/reports/test_no_report_ends_unanswered.py::test_the_answer_stays_owed_in_every_state_until_it_is_given",
        ),
    ),
    Sentence(
        "report",
        "referred out only on the receiver's acceptance; until then the sender acts",
        (
            "api/reports/test_no_report_ends_unanswered.py::test_until_the_receiver_accepts_the_sender_acts_and_the_transfer_is_due_within_a_day",
        ),
    ),
    Sentence(
        "report",
        "unfounded needs another agency's approval",
        ("api/reports/test_no_report_ends_unanswered.py::test_unfounded_needs_another_agencys_approval",),
    ),
    Sentence(
        "report",
        "erased six months after the answer, leaving digest and decision",
        ("api/reports/test_erasure.py::test_nothing_readable_stays_and_the_chain_is_whole",),
    ),
    Sentence(
        "report",
        "never erased while a complaint, a review or a prosecutor's demand is open",
        (
            "api/reports/test_erasure.py::test_while_an_objection_is_open_nothing_is_erased_and_afterwards_it_is",
        ),
    ),
    Sentence(
        "report",
        "the public door needs no account; the reporter reads three words only; all receipts look alike",
        (
            "api/reports/test_public_door.py::test_every_receipt_has_the_same_words_shape_and_length_and_shows_110",
        ),
    ),
    Sentence(
        "report",
        "a minor alone needs no consent or guardian; nobody at home is contacted before guardianship is safe",
        (
            "api/reports/test_public_door.py::test_a_child_alone_is_in_a_case_at_once_and_nobody_at_home_is_told",
            "api/reports/test_public_door.py::test_home_may_be_contacted_only_once_the_guardian_is_safe",
        ),
    ),
    Sentence(
        "report",
        "not to this office: one level up",
        (
            "api/reports/test_duty.py::test_not_to_this_office_goes_one_level_up_and_the_office_sees_neither_report_nor_case",
        ),
    ),
    Sentence(
        "case",
        "closing needs every stage ended, a true reason, another agency's approval; two reasons are for adults only",
        (
            "domain/test_closing.py::test_a_case_closes_when_its_stages_ended_for_a_true_reason_that_another_agency_approved",
        ),
    ),
    Sentence(
        "case",
        "deceased needs a document and the approval of an agency that had no care of the person",
        (
            "api/flow/test_rounds_and_deaths.py::test_a_death_ends_the_person_s_stages_and_leaves_claims_and_the_investigation",
        ),
    ),
    Sentence(
        "case",
        "ownership moves only on acceptance; until then the sender stays responsible",
        (
            "api/routing/test_from_unit_to_unit.py::test_a_case_changes_hands_only_on_acceptance",
            "api/flow/test_whose_the_case_is.py::test_the_case_is_offered_by_rule_at_liberty_and_nobody_loses_it_before_the_other_accepts",
        ),
    ),
    Sentence(
        "case",
        "the police keep victims not yet rescued",
        ("api/flow/test_whose_the_case_is.py::test_the_police_keep_whoever_is_not_yet_rescued",),
    ),
    Sentence(
        "case",
        "old consents do not revive",
        ("api/flow/test_rounds_and_deaths.py::test_consents_of_the_round_before_do_not_revive",),
    ),
    Sentence(
        "stage",
        "only the responsible unit moves a stage",
        (
            "api/access/test_who_gets_which_answer.py::test_a_stage_is_moved_by_its_unit_and_by_nobody_beside_it",
        ),
    ),
    Sentence(
        "stage",
        "other leads add only their records",
        (
            "api/routing/test_beside_the_responsible_unit.py::test_an_attached_lead_adds_its_own_records_and_moves_nothing",
        ),
    ),
    Sentence(
        "stage",
        "police never hold follow-up",
        ("api/flow/test_follow_up.py::test_the_police_never_hold_follow_up",),
    ),
    Sentence(
        "stage",
        "accepting needs a named officer and deputy",
        (
            "api/routing/test_from_unit_to_unit.py::test_officers_are_two_people_of_the_unit_who_move_stages_and_are_not_shut_out",
        ),
    ),
    Sentence(
        "stage",
        "a hold needs a review date; past it the stage resumes itself",
        (
            "api/flow/test_rounds_and_deaths.py::test_a_hold_is_reviewed_within_ninety_days",
            "services/clocks/test_ladders_are_climbed.py::test_a_hold_resumes_by_itself_when_its_review_is_past",
        ),
    ),
    Sentence(
        "stage",
        "refused or lapsed: the sender keeps",
        (
            "api/routing/test_from_unit_to_unit.py::test_an_offer_that_lapses_leaves_the_stage_with_its_unit",
            "api/routing/test_from_unit_to_unit.py::test_a_stage_changes_hands_only_on_acceptance_and_the_right_to_read_with_it",
        ),
    ),
    Sentence(
        "stage",
        "offered again at a plan review or by the person, never daily",
        (
            "journeys/test_an_adult_who_refuses_services.py::test_what_she_declined_does_not_come_back_before_the_plan_is_reviewed",
            "journeys/test_an_adult_who_refuses_services.py::test_her_own_word_brings_it_back_on_any_day",
        ),
    ),
    Sentence(
        "stage",
        "rule_out and close_unmet need another agency's approval; the person is told",
        (
            "api/flow/test_rounds_and_deaths.py::test_a_stage_is_ruled_out_on_the_opposite_of_what_opened_it",
            "api/flow/test_rounds_and_deaths.py::test_a_need_stays_unmet_only_when_another_agency_agreed_and_the_person_was_told",
        ),
    ),
    Sentence(
        "stage",
        "nobody approves their own",
        (
            "api/routing/test_approvals.py::test_nobody_approves_what_they_asked_themselves_whatever_unit_they_sit_in_by_now",
        ),
    ),
    Sentence(
        "stage",
        "reopening investigation alone contacts nobody",
        ("api/flow/test_rounds_and_deaths.py::test_reopening_the_investigation_alone_contacts_nobody",),
    ),
    Sentence(
        "stage",
        "not answered or not begun: reminder, supervisor, next candidate, owner, corps",
        (
            "services/clocks/test_ladders_are_climbed.py::test_a_stage_that_nobody_answers_climbs_rung_by_rung",
            "api/routing/test_from_unit_to_unit.py::test_who_does_not_answer_keeps_the_stage_until_the_next_candidate_takes_it",
        ),
    ),
    Sentence(
        "stage",
        "agencies without case work never read a case",
        (
            "api/routing/test_beside_the_responsible_unit.py::test_an_agency_that_reads_no_cases_is_never_invited_whatever_was_consented",
        ),
    ),
    Sentence(
        "stage",
        "others join only by consent",
        (
            "api/routing/test_beside_the_responsible_unit.py::test_an_agency_that_the_article_does_not_name_joins_only_by_consent",
        ),
    ),
    Sentence(
        "stage",
        "a right to read ends with the work, in the same transaction",
        (
            "api/access/test_what_each_reader_gets.py::test_when_a_stage_ends_the_next_read_of_its_unit_finds_nothing",
            "machines/test_random_walks.py::test_some_random_walks_leave_the_case_as_the_model_says",
        ),
    ),
    Sentence(
        "stage",
        "for a minor some stages are never declined; an adult declines in person, in private",
        ("domain/test_requirements.py::test_a_requirement_is_open_until_its_fact_is_there",),
    ),
    Sentence(
        "stage",
        "declining never counts against anyone, alerts nobody, changes no other stage",
        (
            "journeys/test_an_adult_who_refuses_services.py::test_refusing_alerts_nobody_and_changes_nothing_but_the_stage",
            "api/flow/test_rounds_and_deaths.py::test_declining_one_stage_moves_no_other",
        ),
    ),
    Sentence(
        "stage",
        "rescue is never closed unmet",
        ("domain/test_requirements.py::test_a_rescue_is_never_closed_unmet_whatever_was_approved",),
    ),
    Sentence(
        "stage",
        "guardianship is ruled out only by an age decision: doubt means minor",
        (
            "domain/test_age_decisions.py::test_in_doubt_nobody_is_decided_an_adult_whatever_the_evidence",
            "api/people/test_decisions.py::test_an_estimate_and_a_new_birth_date_never_make_an_adult_of_a_minor",
        ),
    ),
    Sentence(
        "stage",
        "a stage is routed to a unit of a lead agency only, with a reply-by",
        ("api/routing/test_from_unit_to_unit.py::test_a_stage_goes_to_units_of_its_leads_only",),
    ),
    Sentence(
        "stage",
        "sending back needs a reason and what is missing; both histories stay",
        (
            "api/routing/test_from_unit_to_unit.py::test_a_stage_sent_back_twice_shows_both_and_goes_on_where_its_owner_sends_it",
        ),
    ),
    Sentence(
        "stage",
        "beginning, completing and recording need what the stage's own table says",
        (
            "domain/test_requirements.py::test_a_requirement_is_open_until_its_fact_is_there",
            "domain/test_requirements.py::test_each_requirement_has_its_row_here",
        ),
    ),
    Sentence(
        "stage",
        "the police are responsible for six stages only",
        (
            "domain/test_routing.py::test_the_accountable_lead_is_asked_first_and_the_police_only_for_their_own_stages",
            "api/access/test_who_gets_which_answer.py::test_the_police_move_none_of_the_stages_that_are_not_theirs",
        ),
    ),
    Sentence(
        "stage",
        "agencies that read no cases get one nameless request",
        (
            "api/routing/test_nameless_requests.py::test_the_asked_unit_reads_the_request_and_nothing_of_the_case",
            "api/routing/test_nameless_requests.py::test_a_request_that_names_somebody_is_refused_and_not_repeated",
        ),
    ),
    Sentence(
        "stage",
        "rescue is ruled out only after the person was seen safe in private, and reviewed every 90 days while they are not found",
        (
            "domain/test_requirements.py::test_a_requirement_is_open_until_its_fact_is_there",
            "api/flow/test_rounds_and_deaths.py::test_a_hold_is_reviewed_within_ninety_days",
        ),
    ),
    Sentence(
        "consent",
        "who may give it, by age; an adult only in person",
        (
            "domain/test_voices.py::test_for_an_adult_nobody_else_gives_whatever_guardian_there_is",
            "domain/test_voices.py::test_for_a_child_only_a_guardian_who_is_not_in_question_gives",
        ),
    ),
    Sentence(
        "consent",
        "criminal procedure reaches investigation and rescue only",
        ("domain/test_consents.py::test_criminal_procedure_reaches_investigation_and_rescue_only",),
    ),
    Sentence(
        "consent",
        "no other basis opens employment, relocation, follow-up, publication or embassy contact",
        (
            "domain/test_consents.py::test_no_other_basis_opens_work_relocation_return_follow_up_publication_or_the_embassy",
        ),
    ),
    Sentence(
        "consent",
        "withdrawing stops at once what rests on it, and answers with what had been shared",
        (
            "api/consents/test_taking_it_back.py::test_the_very_next_request_of_who_lost_the_right_is_refused_and_all_else_goes_on",
            "api/consents/test_taking_it_back.py::test_the_answer_lists_what_had_been_shared_with_whom_and_when",
        ),
    ),
    Sentence(
        "consent",
        "on the 18th birthday guardians' consents end, the person is asked anew, services stay",
        (
            "api/consents/test_by_the_clock.py::test_on_the_18th_birthday_the_person_is_asked_anew_and_services_stay",
        ),
    ),
    Sentence(
        "rule 1",
        "investigation gates nothing; not filed never ends protection",
        (
            "domain/test_requirements.py::test_no_stage_looks_at_how_the_investigation_stands",
            "domain/test_requirements.py::test_not_filed_ends_no_protection",
        ),
    ),
    Sentence(
        "rule 1",
        "care starts for a presumed victim",
        (
            "api/people/test_decisions.py::test_care_is_under_way_before_anybody_decided_whether_they_are_a_victim",
        ),
    ),
    Sentence(
        "rule 2",
        "shelter never waits for a jurisdiction dispute",
        (
            "api/shelter/test_leaving_and_missing.py::test_shelter_waits_for_no_dispute_about_who_is_responsible",
        ),
    ),
    Sentence(
        "rule 2",
        "schooling never waits for identity or registration; urgent care waits for nothing",
        (
            "domain/test_requirements.py::test_schooling_waits_for_nothing",
            "domain/test_requirements.py::test_urgent_care_waits_for_no_other_stage_and_no_consent",
        ),
    ),
    Sentence(
        "rule 3",
        "a guardian conflict is set alone by any officer, or sets itself",
        (
            "api/conflicts/test_guardians.py::test_any_officer_of_a_unit_that_works_for_the_child_may_alone",
            "api/conflicts/test_guardians.py::test_a_recorded_conflict_sets_itself",
        ),
    ),
    Sentence(
        "rule 3",
        "it cuts the guardian at once; care continues",
        (
            "api/access/test_the_one_in_question_loses_the_right.py::test_a_guardian_in_question_says_nothing_from_then_on",
            "journeys/test_the_guardian_is_the_suspect.py::test_what_she_agreed_to_ends_at_once_and_care_goes_on",
        ),
    ),
    Sentence(
        "rule 3",
        "it gates reunion and a minor's exit",
        (
            "journeys/test_the_guardian_is_the_suspect.py::test_a_reunion_is_refused_while_she_is_in_question",
            "journeys/test_the_guardian_is_the_suspect.py::test_the_child_leaves_to_nobodys_family",
        ),
    ),
    Sentence(
        "rule 3",
        "cleared only with not a suspect, the child heard, a second person",
        (
            "api/conflicts/test_guardians.py::test_it_is_cleared_by_a_second_officer_once_the_police_and_the_child_have_spoken",
        ),
    ),
    Sentence(
        "rule 3",
        "civil affairs are named at once and decide within 24 hours",
        (
            "api/conflicts/test_guardians.py::test_guardianship_that_had_ended_is_open_again_and_somebody_answers_for_it",
        ),
    ),
    Sentence(
        "rule 4",
        "a unit in question loses access and say at once; its work goes one level up",
        (
            "api/access/test_the_one_in_question_loses_the_right.py::test_a_unit_in_question_is_out_at_once_and_its_work_is_one_level_up",
        ),
    ),
    Sentence(
        "rule 4",
        "only the level above and the procuratorate together clear it",
        (
            "api/conflicts/test_units_and_officers.py::test_one_confirms_and_only_both_clear_and_the_work_stays_where_it_is",
        ),
    ),
    Sentence(
        "rule 4",
        "an exclusion does the same for one officer",
        (
            "api/access/test_the_one_in_question_loses_the_right.py::test_an_excluded_officer_is_out_at_once_and_the_colleague_is_not",
        ),
    ),
    Sentence(
        "rule 5",
        "placement never locks in; no work, no documents held, no fees",
        ("api/representations/test_records.py::test_care_neither_locks_in_nor_compels_nor_takes_anything",),
    ),
    Sentence(
        "rule 5",
        "a minor's absence is a missing-child report in the same transaction",
        (
            "api/shelter/test_leaving_and_missing.py::test_a_child_who_is_gone_is_reported_and_looked_for_in_the_same_moment",
        ),
    ),
    Sentence(
        "rule 5",
        "adults leave at will",
        (
            "domain/test_requirements.py::test_an_adult_leaves_shelter_whatever_anybody_thinks_of_it",
            "api/shelter/test_leaving_and_missing.py::test_an_adult_who_is_gone_has_left_and_nobody_is_told",
        ),
    ),
    Sentence(
        "rule 6",
        "the one-month certificate ends nothing; a later match reopens",
        (
            "journeys/test_an_abandoned_infant.py::test_the_one_month_certificate_ends_nothing",
            "journeys/test_an_abandoned_infant.py::test_a_later_match_begins_the_search_anew",
        ),
    ),
    Sentence(
        "rule 6",
        "only the police match proves a relation; an identity check contacts no relative",
        (
            "api/representations/test_records.py::test_a_paper_of_a_claimant_has_no_place_anywhere",
            "api/representations/test_records.py::test_an_identity_check_has_no_room_for_contacting_a_relative",
        ),
    ),
    Sentence(
        "rule 6",
        "a reunion needs all of its conditions",
        ("domain/test_requirements.py::test_a_reunion_needs_all_of_its_conditions_at_once",),
    ),
    Sentence(
        "rule 6",
        "no notice while a relative is suspect",
        (
            "api/people/test_relatives.py::test_while_any_relative_is_suspect_nothing_is_published_and_nobody_meets",
        ),
    ),
    Sentence(
        "rule 7",
        "willingness at most 30 days old, never heard by those who gain",
        (
            "domain/test_people.py::test_a_will_counts_for_thirty_days_to_the_second",
            "domain/test_relatives.py::test_wanting_to_work_is_heard_by_union_women_or_an_advocate_and_never_by_the_house",
        ),
    ),
    Sentence(
        "rule 7",
        "relocation needs its own consent and seven days; forbidden work is refused",
        (
            "journeys/test_a_girl_who_wants_to_train.py::test_after_the_consent_to_another_city_seven_days_pass_before_anything_is_accepted",
            "journeys/test_a_girl_who_wants_to_train.py::test_forbidden_work_is_neither_offered_nor_begun_at_seventeen",
        ),
    ),
    Sentence(
        "rule 7",
        "stopping has no effect elsewhere; one person at a time",
        (
            "journeys/test_a_girl_who_wants_to_train.py::test_stopping_ends_employment_at_once_and_has_no_effect_on_anything_else",
            "journeys/test_a_girl_who_wants_to_train.py::test_no_address_places_more_than_one_person_at_a_time_or_counts_towards_a_quota",
        ),
    ),
    Sentence(
        "rule 8",
        "a return needs will, safety, health, a carer and time to think",
        ("domain/test_requirements.py::test_a_return_needs_will_safety_health_a_carer_and_time_to_think",),
    ),
    Sentence(
        "rule 8",
        "declining changes neither care nor stay",
        ("domain/test_requirements.py::test_wanting_to_stay_or_to_return_changes_neither_care_nor_stay",),
    ),
    Sentence(
        "rule 8",
        "embassy contact by consent, never for asylum seekers",
        (
            "journeys/test_two_women_from_abroad.py::test_the_embassy_hears_of_her_only_when_she_agreed_to_it",
            "journeys/test_two_women_from_abroad.py::test_an_asylum_seeker_s_embassy_is_not_contacted_whatever_was_agreed",
        ),
    ),
    Sentence(
        "rule 9",
        "an adult ends follow-up at once",
        ("api/flow/test_follow_up.py::test_an_adult_ends_follow_up_at_once_and_its_clocks_with_it",),
    ),
    Sentence(
        "rule 9",
        "a difficulty opens what solves it and is tracked to its end",
        (
            "api/flow/test_follow_up.py::test_a_difficulty_opens_what_solves_it_and_follow_up_waits_for_its_end",
        ),
    ),
    Sentence(
        "rule 10",
        "no victim yet: investigation only; a victim keeps their id over rounds",
        (
            "api/people/test_the_record.py::test_a_case_in_which_nobody_is_named_yet_has_an_investigation_only",
            "api/people/test_rounds.py::test_somebody_who_comes_back_is_the_same_person_with_help_anew",
        ),
    ),
    Sentence(
        "rule 11",
        "every conflict counts in both files",
        (
            "api/people/test_merges.py::test_a_unit_in_question_in_one_file_is_out_of_both_at_once",
            "api/people/test_merges.py::test_an_officer_excluded_in_one_file_reads_neither_until_both_above_cleared_it",
            "api/people/test_merges.py::test_a_guardian_in_question_is_judged_where_it_was_said",
        ),
    ),
    Sentence(
        "rule 11",
        "both owners approve; nothing is pooled; undone whole",
        (
            "api/people/test_merges.py::test_both_owners_agree_and_nobody_agrees_with_themselves",
            "api/people/test_merges.py::test_nothing_of_one_file_becomes_readable_in_the_other",
            "api/people/test_merges.py::test_the_earliest_clock_wins_until_the_files_are_parted_again",
        ),
    ),
    Sentence(
        "clocks",
        "a missing child is never made to wait",
        ("domain/test_clocks.py::test_no_clock_waits_before_a_missing_child_is_searched_for",),
    ),
    Sentence(
        "who",
        "emergency access: a reason, an hour, told at once, shown to the person, never a way around a conflict",
        (
            "api/emergency/test_an_hour_for_an_emergency.py::test_it_ends_in_the_second_in_which_it_expires",
            "api/emergency/test_an_hour_for_an_emergency.py::test_where_nobody_can_be_told_nothing_opens",
            "api/emergency/test_an_hour_for_an_emergency.py::test_who_is_kept_from_a_case_cannot_tell_it_from_none",
            "api/own_door/test_a_journey_through_the_door.py::test_she_reads_who_looked_by_day_role_and_agency_and_that_it_was_opened_in_an_emergency",
        ),
    ),
    Sentence(
        "who",
        "the person's own door: nobody else's data, no investigation, no reporter; a guardian in question nothing",
        (
            "api/own_door/test_the_second_layer_at_the_door.py::test_of_two_people_of_a_case_the_database_shows_one",
            "api/own_door/test_a_guardians_door.py::test_a_guardian_in_question_never_sees_anything_from_the_same_transaction_on_and_the_child_keeps_the_door",
            "api/own_door/test_a_guardians_door.py::test_a_guardian_of_a_child_of_fourteen_or_more_never_sees_what_the_child_marked_private",
            "api/own_door/test_a_guardians_door.py::test_on_the_eighteenth_birthday_the_guardians_door_closes_and_the_persons_stays",
        ),
    ),
)
