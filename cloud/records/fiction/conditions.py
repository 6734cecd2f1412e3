"""What people of an age and sex may have, where they go with it, what is prescribed.

Chances are round figures that make a waiting room look right, not epidemiology.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cloud.records.fiction import doses as d
from cloud.records.fiction.doses import ByWeight, Dose
from protocol.codes import Sex


class Clinic(StrEnum):
    INTERNAL = "架空内科医院"
    ORTHOPAEDIC = "架空整形外科"
    EYE = "架空眼科"
    SKIN = "架空皮膚科クリニック"
    EAR_NOSE = "架空耳鼻咽喉科"
    URINARY = "架空泌尿器科"
    WOMEN = "架空レディースクリニック"
    CHILDREN = "架空小児科"
    HEART = "架空循環器内科"
    HOSPITAL = "架空総合病院"


PHARMACIES: Final = ("架空薬局　駅前店", "架空薬局　見本店")

INTERVALS: Final = {
    Clinic.INTERNAL: (28, 28, 30, 56),
    Clinic.HEART: (28, 56),
    Clinic.ORTHOPAEDIC: (28, 56),
    Clinic.EYE: (56, 84),
    Clinic.SKIN: (28, 56),
    Clinic.EAR_NOSE: (28,),
    Clinic.URINARY: (56, 84),
    Clinic.WOMEN: (28, 56),
    Clinic.CHILDREN: (28,),
    Clinic.HOSPITAL: (182,),
}
"""Days between visits; one is drawn per person and clinic."""

ANYBODY: Final = frozenset(Sex)
WOMEN: Final = frozenset({Sex.FEMALE})
MEN: Final = frozenset({Sex.MALE})
ALL_YEAR: Final = frozenset(range(1, 13))

Chance = tuple[tuple[int, float], ...]
"""From this age on, this likely; below the first age never."""


@dataclass(frozen=True, slots=True)
class Condition:
    name: str
    clinic: Clinic
    chance: Chance
    ladders: tuple[tuple[tuple[Dose, ...], ...], ...]
    """One ladder is drawn; a visit may climb one step of it."""
    sexes: frozenset[Sex] = ANYBODY
    until_age: int = 120
    """Not from this age on."""
    season: frozenset[int] = ALL_YEAR
    days: int | None = None
    """It is over after so many."""
    alone: bool = False
    """Nobody who has it is drawn anything else that lasts."""

    def chance_at(self, age: int, sex: Sex) -> float:
        if sex not in self.sexes or age >= self.until_age:
            return 0.0
        return next((p for since, p in reversed(self.chance) if age >= since), 0.0)


HYPERTENSION: Final = "高血圧症"
DIABETES: Final = "2型糖尿病"
DYSLIPIDAEMIA: Final = "脂質異常症"
STENT: Final = "冠動脈ステント留置後"
ANAEMIA: Final = "鉄欠乏性貧血"

CONDITIONS: Final = (
    Condition(
        HYPERTENSION,
        Clinic.INTERNAL,
        ((40, 0.12), (50, 0.25), (60, 0.4), (70, 0.55)),
        (
            ((d.AMLODIPINE_2_5,), (d.AMLODIPINE_5,), (d.AMLODIPINE_5, d.AZILSARTAN_20)),
            ((d.CANDESARTAN_4,), (d.CANDESARTAN_8,), (d.CANDESARTAN_8, d.AMLODIPINE_5)),
            ((d.AMLODIPINE_OD_5,), (d.AMLODIPINE_OD_5, d.TELMISARTAN_40)),
        ),
    ),
    Condition(
        DYSLIPIDAEMIA,
        Clinic.INTERNAL,
        ((40, 0.1), (50, 0.22), (60, 0.35)),
        (
            ((d.ROSUVASTATIN_2_5,), (d.ROSUVASTATIN_5,)),
            ((d.ATORVASTATIN_10,), (d.ATORVASTATIN_10, d.EZETIMIBE_10)),
            ((d.PITAVASTATIN_2,),),
        ),
    ),
    Condition(
        DIABETES,
        Clinic.INTERNAL,
        ((40, 0.06), (50, 0.12), (60, 0.2)),
        (
            (
                (d.METFORMIN_500,),
                (d.METFORMIN_1000,),
                (d.METFORMIN_1000, d.DAPAGLIFLOZIN_5),
            ),
            (
                (d.SITAGLIPTIN_50,),
                (d.SITAGLIPTIN_50, d.METFORMIN_500),
                (d.SITAGLIPTIN_50, d.METFORMIN_500, d.GLARGINE),
            ),
        ),
    ),
    Condition(
        "高尿酸血症",
        Clinic.INTERNAL,
        ((30, 0.06), (45, 0.12)),
        (((d.FEBUXOSTAT_10,), (d.FEBUXOSTAT_20,)),),
        MEN,
    ),
    Condition(
        "逆流性食道炎",
        Clinic.INTERNAL,
        ((25, 0.06), (50, 0.14)),
        (((d.VONOPRAZAN_10,),), ((d.ESOMEPRAZOLE_20,),), ((d.FAMOTIDINE_20,),)),
    ),
    Condition(
        "慢性胃炎",
        Clinic.INTERNAL,
        ((30, 0.05), (60, 0.12)),
        (((d.REBAMIPIDE_100,),),),
    ),
    Condition(
        "便秘症",
        Clinic.INTERNAL,
        ((65, 0.15), (80, 0.35)),
        (((d.MAGNESIUM_330,), (d.MAGNESIUM_330, d.SENNOSIDE_12)),),
    ),
    Condition(
        "不眠症",
        Clinic.INTERNAL,
        ((35, 0.05), (60, 0.14), (75, 0.22)),
        (((d.LEMBOREXANT_5,),), ((d.SUVOREXANT_15,),)),
    ),
    Condition(
        "アルツハイマー型認知症",
        Clinic.INTERNAL,
        ((75, 0.08), (85, 0.25)),
        (((d.DONEPEZIL_3,), (d.DONEPEZIL_5,)),),
    ),
    Condition(
        "甲状腺機能低下症",
        Clinic.INTERNAL,
        ((30, 0.04),),
        (((d.LEVOTHYROXINE_50,),),),
        WOMEN,
    ),
    Condition(
        "心房細動",
        Clinic.HEART,
        ((65, 0.05), (75, 0.12)),
        (
            ((d.APIXABAN_5, d.BISOPROLOL_2_5),),
            ((d.EDOXABAN_30, d.BISOPROLOL_2_5), (d.EDOXABAN_30, d.FUROSEMIDE_20)),
        ),
    ),
    Condition(
        STENT,
        Clinic.HEART,
        (),
        (((d.ASPIRIN_100, d.CLOPIDOGREL_75), (d.ASPIRIN_100,)),),
    ),
    Condition(
        "骨粗鬆症",
        Clinic.ORTHOPAEDIC,
        ((60, 0.15), (70, 0.35)),
        (((d.ALENDRONATE_35,), (d.ALENDRONATE_35, d.ELDECALCITOL)),),
        WOMEN,
    ),
    Condition(
        "骨粗鬆症（注射）",
        Clinic.HOSPITAL,
        ((75, 0.08),),
        (((d.DENOSUMAB,),),),
        WOMEN,
    ),
    Condition(
        "変形性膝関節症",
        Clinic.ORTHOPAEDIC,
        ((55, 0.1), (70, 0.25)),
        (((d.LOXOPROFEN_TAPE,), (d.LOXOPROFEN_TAPE, d.CELECOXIB_100)),),
    ),
    Condition("緑内障", Clinic.EYE, ((45, 0.05), (65, 0.12)), (((d.LATANOPROST,),),)),
    Condition(
        "ドライアイ", Clinic.EYE, ((20, 0.03), (50, 0.08)), (((d.HYALURONATE_EYE,),),)
    ),
    Condition(
        "前立腺肥大症",
        Clinic.URINARY,
        ((55, 0.1), (70, 0.28)),
        (((d.TAMSULOSIN_0_2,), (d.SILODOSIN_8,)),),
        MEN,
    ),
    Condition("過活動膀胱", Clinic.URINARY, ((65, 0.08),), (((d.MIRABEGRON_50,),),)),
    Condition(
        "花粉症",
        Clinic.EAR_NOSE,
        ((15, 0.3), (60, 0.2)),
        (
            ((d.FEXOFENADINE_60, d.MOMETASONE),),
            ((d.BILASTINE_20, d.OLOPATADINE_EYE),),
        ),
        season=frozenset({2, 3, 4}),
    ),
    Condition(
        "花粉症（小児）",
        Clinic.EAR_NOSE,
        ((7, 0.25),),
        (((d.FEXOFENADINE_30,),),),
        until_age=12,
        season=frozenset({2, 3, 4}),
    ),
    Condition(
        "アトピー性皮膚炎",
        Clinic.SKIN,
        ((16, 0.05), (50, 0.02)),
        (((d.BETAMETHASONE_VG, d.HEPARINOID), (d.TACROLIMUS, d.HEPARINOID)),),
    ),
    Condition(
        "アトピー性皮膚炎（小児）",
        Clinic.CHILDREN,
        ((1, 0.1),),
        (((d.HEPARINOID,),),),
        until_age=15,
    ),
    Condition(
        "気管支喘息",
        Clinic.INTERNAL,
        ((18, 0.05), (60, 0.07)),
        (((d.BUDESONIDE_FORMOTEROL,), (d.BUDESONIDE_FORMOTEROL, d.MONTELUKAST_10)),),
    ),
    Condition(
        "気管支喘息（幼児）",
        Clinic.CHILDREN,
        ((1, 0.1),),
        (((d.MONTELUKAST_4,),),),
        until_age=6,
    ),
    Condition(
        "気管支喘息（小児）",
        Clinic.CHILDREN,
        ((6, 0.1),),
        (((d.MONTELUKAST_5,),),),
        until_age=15,
    ),
    Condition(
        "子宮内膜症",
        Clinic.WOMEN,
        ((20, 0.07),),
        (((d.DIENOGEST_1,),),),
        WOMEN,
        until_age=48,
    ),
    Condition(
        ANAEMIA,
        Clinic.WOMEN,
        ((18, 0.08),),
        (((d.IRON_50,),),),
        WOMEN,
        until_age=52,
        days=180,
    ),
    Condition(
        "切迫早産",
        Clinic.WOMEN,
        ((22, 0.03),),
        (((d.RITODRINE_5,),),),
        WOMEN,
        until_age=42,
        days=90,
        alone=True,
    ),
)
BY_NAME: Final = {one.name: one for one in CONDITIONS}


@dataclass(frozen=True, slots=True)
class Episode:
    """Something that is over after days."""

    name: str
    clinic: Clinic
    days: tuple[int, ...]
    drugs: tuple[Dose | ByWeight, ...]
    since_age: int = 15
    until_age: int = 120
    sexes: frozenset[Sex] = ANYBODY
    season: frozenset[int] = ALL_YEAR
    weight: int = 1

    def fits(self, age: int, sex: Sex, month: int) -> bool:
        right_age = self.since_age <= age < self.until_age
        return right_age and sex in self.sexes and month in self.season


WINTER: Final = frozenset({12, 1, 2, 3})
EPISODES: Final = (
    Episode(
        "かぜ症候群",
        Clinic.INTERNAL,
        (4, 5),
        (d.PARACETAMOL_FEVER, d.CARBOCISTEINE_500, d.DEXTROMETHORPHAN),
        weight=4,
    ),
    Episode(
        "急性咽頭炎",
        Clinic.EAR_NOSE,
        (5,),
        (d.AMOXICILLIN_250, d.TRANEXAMIC_250),
        weight=2,
    ),
    Episode(
        "インフルエンザ",
        Clinic.INTERNAL,
        (5,),
        (d.OSELTAMIVIR_75, d.PARACETAMOL_FEVER),
        season=WINTER,
        weight=2,
    ),
    Episode("急性胃腸炎", Clinic.INTERNAL, (3, 5), (d.PROBIOTIC,)),
    Episode(
        "腰痛症",
        Clinic.ORTHOPAEDIC,
        (7,),
        (d.LOXOPROFEN_PAIN, d.REBAMIPIDE_100, d.KETOPROFEN_TAPE),
        since_age=25,
        weight=2,
    ),
    Episode("接触皮膚炎", Clinic.SKIN, (7,), (d.BETAMETHASONE_VG,)),
    Episode(
        "膀胱炎",
        Clinic.URINARY,
        (3,),
        (d.LEVOFLOXACIN_500,),
        since_age=18,
        sexes=WOMEN,
    ),
    Episode(
        "かぜ症候群（小児）",
        Clinic.CHILDREN,
        (4, 5),
        (d.CHILD_PARACETAMOL, d.CHILD_CARBOCISTEINE, d.CHILD_TIPEPIDINE),
        since_age=0,
        until_age=12,
        weight=5,
    ),
    Episode(
        "急性中耳炎（小児）",
        Clinic.EAR_NOSE,
        (5, 7),
        (d.CHILD_AMOXICILLIN, d.CHILD_CARBOCISTEINE),
        since_age=1,
        until_age=10,
        weight=2,
    ),
    Episode(
        "インフルエンザ（小児）",
        Clinic.CHILDREN,
        (5,),
        (d.CHILD_OSELTAMIVIR, d.CHILD_PARACETAMOL),
        since_age=1,
        until_age=12,
        season=WINTER,
        weight=2,
    ),
    Episode(
        "急性胃腸炎（小児）",
        Clinic.CHILDREN,
        (3,),
        (d.CHILD_PROBIOTIC,),
        since_age=1,
        until_age=12,
    ),
    Episode(
        "かぜ症候群（12～14歳）",
        Clinic.CHILDREN,
        (4,),
        (d.PARACETAMOL_300, d.CARBOCISTEINE_500),
        since_age=12,
        until_age=15,
    ),
)
"""Names are for the reader of this file: a diagnosis is another consent item."""

YEARLY: Final = ((0, 3.5), (6, 2.0), (12, 0.8), (15, 0.6), (65, 0.9))
"""How many episodes a year, from this age on."""
